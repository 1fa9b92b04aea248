"""The filter: a model conditioned on its record, piece by piece, with learned proposals.

Sequential Monte Carlo (Del Moral, Doucet and Jasra 2006) whose particles are live runs. ``items``
are the pieces of evidence, ``guide`` what the proposals prefer, ``dice`` draws by it, ``particle``
is one live run, ``island`` the particles that are resampled among themselves, ``learning`` makes a
guide, ``posterior`` is what all islands together say.
"""
