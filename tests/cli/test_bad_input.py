"""Every way to be wrong: an error on one screen, its exit code, and nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from negosim.cli.errors import SCREENFUL, ExitCode

REPOSITORY = Path(__file__).parents[2]
USAGE, RAISED, NO = ExitCode.USAGE, ExitCode.SCENARIO_RAISED, ExitCode.ANSWER_IS_NO


def assert_tells(said, code, *words):
    """One screen on stderr that begins with ``error:``, and nothing on stdout."""
    assert said.code == code, said.err
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert len(said.err.splitlines()) <= SCREENFUL + 1
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err


# ── usage ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("replya", "quarrel"), ("no such command 'replya'", "did you mean 'replay'?")),
        (("run", "quarrel", "--sed", "1"), ("no such option '--sed'", "did you mean", "--seed")),
        (("run", "quarrell"), ("no scenario called 'quarrell'", "did you mean 'quarrel'?")),
        (("run",), ("missing argument 'NAME'", "negosim run --help")),
        (("run", "quarrel", "--seed", "x"), ("'x' is not a valid integer",)),
        (("show", "quarrel", "Q33"), ("no fact, conflict or target called 'Q33'", "did you mean 'Q3'?")),
        (("store", "export", "abcdef", "--to", "jsnl"), ("did you mean 'jsonl'?",)),
        (("run", "quarrel", "-S", "crown.clam=1"), ("did you mean 'calm'?",)),
        (("run", "quarrel", "-S", "crwn.calm=1"), ("did you mean 'crown'?",)),
        (("run", "quarrel", "-S", "calm"), ("actor.attribute=value",)),
        (("run", "quarrel", "-S", "crown.calm=1", "-S", "crown.calm=2"), ("sets crown.calm twice, to 1 and 2",)),
        (("run", "quarrel", "--until", "soon"), ("'soon' is not a local time",)),
        (("why", "abcdef", "1"), ("nothing has been kept yet",)),
        (("store", "verify", "abcdef"), ("nothing has been kept yet",)),
        (("show", "./nowhere"), ("no scenario called './nowhere'",)),
    ],
)
def test_misuse_is_told_with_a_hint(negosim, arguments, words):
    assert_tells(negosim(*arguments), USAGE, *words)


@pytest.mark.parametrize("verb", [("why", "abcdef", "1"), ("store", "verify", "abcdef")])
def test_a_run_that_is_not_kept(negosim, verb):
    key = negosim("run", "quarrel", "--seed", "7", "--json").document["run"]
    assert_tells(negosim(*verb), USAGE, "no run called 'abcdef'", key[:12])


def test_an_entry_beyond_the_log(negosim):
    key = negosim("run", "quarrel", "--seed", "7", "--json").document["run"]
    assert_tells(negosim("why", key, "99"), USAGE, "has 8 entries")


def test_a_fact_that_did_not_happen(negosim):
    document = negosim("run", "quarrel", "-S", "guild.pride=9000", "--json").document
    assert_tells(negosim("why", document["run"], "Q3"), USAGE, "Q3 did not happen in run")


# ── records ─────────────────────────────────────────────────────────────────────────────────────

RECORD_MISTAKES = {
    "broken TOML": ('title = "A', "title = A", ("record.toml:1", "broken TOML")),
    "unknown actor": ('who = ["guild"]', 'who = ["gild"]', ("'gild' is not known", "'guild'?")),
    "unknown channel": ('channel = "public"', 'channel = "pubic"', ("'pubic'", "'public'?")),
    "unknown address": ('"crown.offer[strike]"', '"crown.ofer[strike]"', ("'crown.ofer", "'crown.offer'?")),
    "unknown alternative": ('chose = "talk"', 'chose = "tlak"', ("alternative 'tlak'", "'talk'?")),
    "reversed dates": ("1724-03-01/1724-03-02", "1724-03-02/1724-03-01", ("record.toml:", "Q2")),
    "dates outside the clock": ('date = "1724-03-05"', 'date = "1725-03-05"', ("outside the clock",)),
    "an address imposed twice": (
        'chose = "talk" }]',
        'chose = "talk" }, { address = "crown.offer[strike]", chose = "wait" }]',
        ("already imposed",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", RECORD_MISTAKES)
def test_a_mistake_in_a_record(negosim, quarrel, mistake, home):
    old, new, words = RECORD_MISTAKES[mistake]
    folder = quarrel("record.toml", old, new)
    assert_tells(negosim("run", folder), USAGE, *words)
    assert not (home / "home").exists()
    said = negosim("check", folder, "--json")
    assert said.code == NO
    problems = " ".join(one["text"] for one in said.document["problems"])
    assert all(word in problems for word in words)


def test_all_mistakes_are_told_at_once(negosim, quarrel):
    quarrel("record.toml", 'who = ["guild"]', 'who = ["gild"]')
    folder = quarrel("record.toml", 'channel = "public"', 'channel = "pubic"')
    assert_tells(negosim("show", folder), USAGE, "'gild'", "'pubic'")


def test_a_decision_that_no_replay_reaches(negosim, quarrel):
    folder = quarrel("__init__.py", 'seat.announce("strike", "market", due=days(4))', "pass")
    folder = quarrel("__init__.py", 'seat.begin("strike")', "return")
    said = negosim("replay", folder, "-n", "10", "-j", "1")
    assert said.code == NO
    assert "Q2: the question crown.offer[strike] is never asked" in said.err
    assert "cannot be produced" in said.out


def test_a_decision_that_is_reached_too_late(negosim, quarrel):
    folder = quarrel("__init__.py", "pause(hours(9))", "pause(days(3))")
    said = negosim("replay", folder, "-n", "10", "-j", "1")
    assert said.code == NO
    assert "Q2: the question crown.offer[strike] is asked too late" in said.err
    assert "cannot be produced" in said.out


# ── scenarios ───────────────────────────────────────────────────────────────────────────────────

STORY_MISTAKES = {
    "raises": ("pause(hours(9))", "pause(1 // 0)", ("ZeroDivisionError", "__init__.py:")),
    "leaves": ("pause(hours(9))", "pause(hours(9))\n    raise GeneratorExit", ("GeneratorExit", "__init__.py:")),
    "announces yesterday": ("due=days(4))", "due=hours(8))", ("announced before it is due", "__init__.py:")),
    "no such zone": ('1), "UTC"', '1), "UCT/"', ("no time zone called 'UCT/'", "did you mean 'UCT'?", "__init__.py:")),
    "raises when imported": ("WEIGHT = ", "WEIGHT = WIGHT or ", ("NameError", "__init__.py:")),
    "syntax": ("def crown_part(seat):", "def crown_part(seat)", ("SyntaxError", "__init__.py:")),
    "an address asked twice": (
        "    if offer is None:",
        "    for _ in range(2):\n        yield from seat.choose(answering, \"twice\")\n    if offer is None:",
        ("guild.answer[twice] was asked twice",),
    ),
    "never ends": (
        "    if offer is None:",
        "    while True:\n        seat.say(crown, \"again\", via=back)\n    if offer is None:",
        ("no end", "entries"),
    ),
    "an unknown issue": ("Toll.HALF, via", "Toll.HLAF, via", ("AttributeError", "HLAF", "__init__.py:")),
    "an illegal move": ("seat.call_off(\"strike\")", "seat.call_off(\"fair\")", ("fair",)),
    "no weight": ("price=-100", "prize=-100", ("no weight for 'prize'", "did you mean 'price'?")),
    "an unknown member": ('"backchannel", crown, guild', '"backchannel", crown, Actor("gild", "x")', ("'gild'",)),
}  # fmt: skip


@pytest.mark.parametrize("mistake", STORY_MISTAKES)
def test_a_mistake_in_a_scenario(negosim, quarrel, mistake, home):
    old, new, words = STORY_MISTAKES[mistake]
    folder = quarrel("__init__.py", old, new)
    assert_tells(negosim("run", folder, "--seed", "7"), RAISED, *words)
    assert not (home / "home").exists()


def test_debug_shows_where(negosim, quarrel):
    folder = quarrel("__init__.py", "pause(hours(9))", "pause(1 // 0)")
    assert "ZeroDivisionError" in negosim("run", folder, "--debug").err
    assert "Traceback" in negosim("run", folder, "--debug").err


def test_a_folder_without_a_scenario(negosim, home):
    empty = home / "empty"
    empty.mkdir()
    (empty / "__init__.py").write_text("")
    assert_tells(negosim("run", str(empty)), RAISED, "exposes no scenario")


# ── stores ──────────────────────────────────────────────────────────────────────────────────────


def test_a_store_that_is_not_ours(negosim, home):
    other = home / "notes.txt"
    other.write_text("not a database")
    assert_tells(negosim("store", "list", "--store", str(other)), USAGE, "notes.txt")
    assert other.read_text() == "not a database"


def test_a_store_whose_folder_is_missing(negosim, home):
    assert_tells(negosim("store", "list", "--store", str(home / "no" / "store.sqlite")), USAGE, "does not exist")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_store_on_a_full_disk(negosim):
    assert_tells(negosim("run", "quarrel", "--store", "/dev/full"), USAGE, "full")


def test_a_store_that_is_read_only(negosim, home):
    place = home / "kept.sqlite"
    assert negosim("run", "quarrel", "--store", str(place)).code == 0
    before = place.read_bytes()
    if os.geteuid() == 0:  # root may write anywhere but here
        place = Path("/proc/kept.sqlite")
    else:
        place.chmod(0o400)
        home.chmod(0o500)
    said = negosim("run", "quarrel", "--seed", "3", "--store", str(place))
    home.chmod(0o700)
    assert_tells(said, USAGE, str(place))
    assert (home / "kept.sqlite").read_bytes() == before


def test_a_file_that_cannot_be_written(negosim, home):
    key = negosim("run", "quarrel", "--json").document["run"]
    target = home / "no" / "run.csv"
    assert_tells(negosim("store", "export", key, "-o", str(target)), USAGE, "run.csv")
    assert not target.parent.exists()


# ── terminals and signals, in processes of their own ────────────────────────────────────────────


def spawned(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "negosim", *arguments],
        cwd=REPOSITORY, env={**os.environ, **environ}, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "environ", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"}]
)
@pytest.mark.parametrize("arguments", [("show", "quarrel"), ("--help",), ("show", "quarrel", "--json")])
def test_a_terminal_without_utf(home, environ, arguments):
    done = spawned(*arguments, **environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()


def test_a_reader_that_has_seen_enough(home):
    pipe = subprocess.Popen(
        [sys.executable, "-m", "negosim", "show", "pti-2024"], cwd=REPOSITORY,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    pipe.stdout.close()
    _, errors = pipe.communicate(timeout=120)
    assert errors == b""
    assert pipe.returncode == 0


def test_a_closed_standard_output_is_told(home):
    done = subprocess.run(
        f"exec {sys.executable} -m negosim list >&-", shell=True, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (USAGE, "error: standard output: it is closed\n")


@pytest.mark.parametrize("before", ["def guild_part", "    seat.announce"])
def test_what_a_story_writes_past_python_is_no_data(home, quarrel, before):
    """While it is imported, and while it is played."""
    indent = before[: len(before) - len(before.lstrip())]
    folder = quarrel("__init__.py", before, f'{indent}__import__("os").write(1, b"noise")\n{before}')
    done = spawned("run", folder, "--json")
    assert json.loads(done.stdout)["scenario"] == "quarrel"
    assert done.stderr.startswith(b"noise")


def test_an_interruption_before_anything_is_imported_is_130_and_no_traceback(home):
    code = """
import sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == "negosim.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from negosim.__main__ import main
sys.exit(main(["list"]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.INTERRUPTED, "", "")


def test_an_interruption_is_130(negosim, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("negosim.stories.loading.load", interrupt)
    said = negosim("show", "quarrel")
    assert (said.code, said.out, said.err) == (
        ExitCode.INTERRUPTED, "", "\nerror: interrupted before there was an answer\n",
    )


def test_whatever_else_goes_wrong_is_told_too(negosim, monkeypatch):
    def break_(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("negosim.stories.loading.load", break_)
    assert_tells(negosim("show", "quarrel"), RAISED, "RuntimeError: boom", "--debug")


# ── the world around it ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shell(home):
    """A command line in a shell, as in a terminal: its exit code, what it printed, what it complained of."""

    def run(line: str, **environ: str) -> tuple[int, str, str]:
        script = f"negosim() {{ exec {sys.executable} -m negosim \"$@\"; }}; cd {home}; {line}"
        settings = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environ}
        done = subprocess.run(["bash", "-c", script], env=settings, capture_output=True, encoding="utf-8", timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("verb", ["list", "list --json", "show quarrel", "store checkpoint"])
def test_a_full_standard_output_is_told(shell, negosim, verb):
    negosim("run", "quarrel")
    assert shell(f"(negosim {verb} > /dev/full)") == (USAGE, "", "error: standard output: No space left on device\n")
    assert shell("(negosim check nonsense 2> /dev/full)") == (USAGE, "", "")


def test_a_closed_or_broken_stream_is_told(shell):
    assert shell("(negosim store import - <&-)") == (USAGE, "", "error: standard input: it is closed\n")
    assert shell("(negosim show quarrel --json) | head -c 1")[1:] == ("{", "")


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ("store import loop", "Too many levels of symbolic links"),
        ("run quarrel --store loop", "cannot be opened"),
        ("report quarrel -o loop/page", "its folder does not exist"),
        ("study quarrel -n 5 -j 1 -o loop", "no study that can be used"),
        ("study quarrel -n 5 -j 1 -o pipe", "no study that can be used"),
        ("store verify pipe", "no run called 'pipe'"),
        ("check loop", "no scenario called 'loop'"),
        ("report quarrel -o missing/page", "its folder does not exist; create it"),
        ("report quarrel -o .", "this is a folder; name a file"),
        ("run quarrel --do '[/a]=b'", "no decision called '[/a]'"),
        ("run quarrel -S crown.calm=--5", "'crown.calm=--5' is not of the form"),
        ("run quarrel -S crown.calm=\u00b2", "is not of the form"),
        ("study quarrel -n 5 -j 100000", "is not in the range"),
    ],
)
def test_what_the_world_holds_is_no_fault_of_the_scenario(shell, negosim, home, verb, says):
    negosim("run", "quarrel")
    (home / "loop").symlink_to(home / "loop")
    os.mkfifo(home / "pipe")
    code, out, err = shell(f"(negosim {verb})")
    assert (code, out) == (USAGE, "")
    assert err.startswith("error: ")
    assert says in err


def test_an_entry_s_number_is_written_in_plain_digits(negosim):
    run = negosim("run", "quarrel", "--json").document["run"]
    assert_tells(negosim("why", run, "²"), USAGE, "no fact or outcome called '²'")


def test_nobody_s_home_is_told(home, monkeypatch, negosim):
    for name in ("NEGOSIM_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("posixpath.expanduser", lambda path: path)  # what it gives where nobody is known
    assert_tells(negosim("run", "quarrel"), USAGE, "the home directory is unknown", "NEGOSIM_HOME")
    assert negosim("run", "quarrel", "--store", str(home / "a")).code == 0


@pytest.mark.parametrize("columns", ["0", "1", "-3", "²", "20", "400", "99999999999", ""])
def test_a_terminal_of_any_width_shows_everything(shell, columns):
    for verb in ("show quarrel Q2", "--help", "nonsense"):
        code, out, err = shell(f"(negosim {verb})", COLUMNS=columns, LANG="C.UTF-8")
        assert code == (USAGE if verb == "nonsense" else 0)
        text = "".join((out + err).split())
        assert {"show quarrel Q2": "chronicle", "--help": "turning", "nonsense": "nosuchcommand'nonsense'"}[verb] in text
        assert columns != "20" or verb == "nonsense" or max(map(len, out.splitlines())) <= 20


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C"}], ids=str)
def test_a_poor_terminal_gets_what_it_can_show(shell, environ):
    code, out, err = shell("(negosim show quarrel)", **environ)
    assert (code, err) == (0, "")
    assert "half the toll" in " ".join(out.split())
    assert "\x1b" not in out


# ── signals that end it ─────────────────────────────────────────────────────────────────────────

EXPORTING = """
import os, signal, sys
from negosim.__main__ import main
from negosim.cli import share
def chunks(*_):
    yield b"half"
    print("begun", end="", flush=True, file=sys.__stderr__)
    signal.pause()
share.exported = lambda *_: (chunks(), "", False)
sys.exit(main(["store", "export", sys.argv[1], "-o", "run.jsonl"]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_it_leaves_nothing_half_written(negosim, home, number):
    run = negosim("run", "quarrel", "--json").document["run"]
    export = subprocess.Popen(
        [sys.executable, "-c", EXPORTING, run], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert export.stderr.read(5) == b"begun"
    assert [path.name for path in home.glob(".*.part")] == [".run.jsonl.part"]
    export.send_signal(number)
    assert export.communicate(timeout=60) == (b"", b"\n")
    assert export.returncode == 128 + number
    assert list(home.glob("*run.jsonl*")) == []
