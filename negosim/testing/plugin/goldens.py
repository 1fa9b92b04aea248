"""Golden logs: the run of one seed, kept beside the story byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stores.atomic_file import write_file
from negosim.stores.encoding import codec

if TYPE_CHECKING:
    from negosim.stories.loading import Story


@frozen
class Golden:
    """Called with a seed, it compares; with ``update`` it writes the log instead."""

    story: Story
    update: bool = False

    def __call__(self, seed: int = 0, file: str = "golden.jsonl") -> None:
        """Compare the story's free run of ``seed`` with a file beside it, line by line.

        Raises AssertionError with the first line that differs, or where there is no such file.
        """
        path = self.story.folder / file
        lines = [codec.encode(entry) for entry in play(self.story.scenario, Prior(seed)).entries]
        if self.update:
            write_file(path, (line + b"\n" for line in lines))
            return
        if not path.is_file():
            raise AssertionError(f"{path} does not exist; pytest --update-goldens writes it")
        wanted = path.read_bytes().splitlines()
        for number, (here, there) in enumerate(zip(lines, wanted, strict=False), start=1):
            if here != there:
                raise AssertionError(
                    f"{path}:{number} has another entry; pytest --update-goldens takes the new one\n"
                    f"recorded: {there.decode()}\nnow:      {here.decode()}"
                )
        if len(lines) != len(wanted):
            raise AssertionError(f"{path} has {len(wanted)} entries, the run now has {len(lines)}")
