"""SimPy stands behind one module, which is imported when something is played."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_module_imports_simpy() -> None:
    users = [path for path in (ROOT / "negosim").rglob("*.py") if "import simpy" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(ROOT).as_posix() for path in users] == ["negosim/sim/room/playing.py"]


def test_whoever_reads_a_story_does_without_simpy() -> None:
    reads = "from negosim.stories.loading import load; load('pti-2024')"
    plays = "import negosim; negosim.play"
    for code, is_there in ((reads, False), (plays, True)):
        told = f"import sys\n{code}\nprint('simpy' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(is_there)
