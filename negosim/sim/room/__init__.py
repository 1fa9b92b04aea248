"""The room in which a run is played, with all that is in it.

Question: who hears what, when, and whose turn is it? Read ``room``, then ``mailbox``; ``playing`` is what
there is of SimPy.
"""

from negosim.sim.room.room import Room

__all__ = ["Room"]
