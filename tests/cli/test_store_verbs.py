"""The verbs that keep, check, hand on and forget runs."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from negosim.cli.errors import ExitCode
from negosim.core import events as e
from negosim.core.events import Entry
from negosim.stores.encoding.state_digest import NOTE
from negosim.stores.exports import FORMATS
from negosim.stores.sqlite import SqliteStore
from negosim.stories import loading

REPOSITORY = Path(__file__).parents[2]
EVIL = "\x1b[31m\u202eevil\x9b\n<b>"


@pytest.fixture
def kept(negosim):
    """The key of a run in which the strike is called off."""
    return negosim("run", "quarrel", "--seed", "7", "--json").document["run"]


@pytest.fixture
def place(home):
    """The file of the user's store."""
    return home / "home" / "negosim.sqlite"


def is_harmless(text):
    return all(line.isprintable() for line in text.split("\n"))


# ── export and import ───────────────────────────────────────────────────────────────────────────


def test_a_run_goes_to_another_store_byte_for_byte(negosim, kept, home):
    file, other = str(home / "run.jsonl"), str(home / "other.sqlite")
    assert negosim("store", "export", kept, "-o", file).out == ""
    said = negosim("store", "import", file, "--store", other, "--json")
    assert said.document["run"] == kept
    assert negosim("store", "export", kept, "--store", other).out == Path(file).read_text(encoding="utf-8")
    assert negosim("store", "verify", kept, "--rerun", "--store", other).code == ExitCode.DONE
    assert f"run {kept[:12]} is kept: 8 entries" in negosim("store", "import", file, "--store", other).out
    assert len(negosim("store", "list", "--store", other, "--json").document) == 1


def test_import_reads_stdin(negosim, kept, home):
    done = subprocess.run(
        [sys.executable, "-m", "negosim", "store", "import", "-", "--store", str(home / "piped.sqlite")],
        input=negosim("store", "export", kept).out.encode(), cwd=REPOSITORY, capture_output=True, check=True,
    )  # fmt: skip
    assert kept[:12].encode() in done.stdout


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda lines: [*lines[:3], lines[3].replace(b"guild", b"giuld"), *lines[4:]],
         "line 4: its bytes are not those that were linked"),
        (lambda lines: [*lines[:3], lines[3].replace(b":", b": ", 1), *lines[4:]], "line 4: "),
        (lambda lines: [*lines[:3], *lines[4:]], "line 4: entry 3 stands where entry 2 belongs"),
        (lambda lines: lines[:-1], "line 8: the file ends after 7 of 8 entries"),
        (lambda lines: [*lines, lines[-1]], "line 10: "),
        (lambda lines: lines[1:], "line 1: "),
        (lambda lines: [], "line 1: the file is empty"),
        (lambda lines: [lines[0], b"[" * 3_000_000 + b"\n"], "line 2: "),
        (lambda lines: [b"x" * 20_000_000], "line 1: "),
        (lambda lines: [b"\xff\xfe" + lines[0]], "line 1: "),
    ],
    ids=["bytes", "spaces", "a line gone", "cut", "a line more", "no header", "empty", "deep", "long", "UTF-16"],
)
def test_a_spoiled_file_is_refused_whole_and_its_line_named(negosim, kept, home, spoil, words):
    lines = negosim("store", "export", kept).out.encode().splitlines(keepends=True)
    file, other = home / "spoiled.jsonl", str(home / "other.sqlite")
    file.write_bytes(b"".join(spoil(lines)))
    said = negosim("store", "import", str(file), "--store", other)
    assert said.code == ExitCode.USAGE
    assert said.out == ""
    assert words in said.err
    assert len(said.err) < 1000
    assert negosim("store", "list", "--store", other, "--json").document == []


def test_a_file_that_is_not_there(negosim, home):
    said = negosim("store", "import", str(home / "none.jsonl"))
    assert said.code == ExitCode.USAGE
    assert "none.jsonl: No such file" in said.err


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_whole(negosim, kept, home, form):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    target = home / f"run.{form}"
    said = negosim("store", "export", kept, "--to", form, "-o", str(target), "--json")
    assert said.document == {"run": kept, "to": form, "output": str(target), "entries": 8}
    assert target.stat().st_size > 500
    assert [path.name for path in home.iterdir() if path.name.startswith((".run", "run"))] == [target.name]


def test_a_table_says_what_happened_in_the_words_of_the_log(negosim, kept):
    rows = list(csv.DictReader(StringIO(negosim("store", "export", kept, "--to", "csv").out)))
    told = negosim("store", "log", kept).out.splitlines()
    for row, line in zip(rows, told, strict=True):
        assert f"  {row['sentence']}  #{row['index']}" in line
    assert {row["label"] for row in rows} == {"simulated"}


def test_a_lossy_format_says_so_on_stderr(negosim, kept):
    said = negosim("store", "export", kept, "--to", "plover")
    assert "PLOVER has no code for" in said.err
    assert all(json.loads(line)["event"] for line in said.out.splitlines())
    assert negosim("store", "export", kept, "--to", "plover", "-q").err == ""
    assert "left out" not in negosim("store", "export", kept, "--to", "csv").err


@pytest.mark.parametrize("form", FORMATS)
def test_an_exported_file_is_verified(negosim, kept, home, form):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    file = home / "run.out"
    negosim("store", "export", kept, "--to", form, "-o", str(file))
    assert negosim("store", "verify", kept, "--export", str(file)).code == ExitCode.DONE
    raw = file.read_bytes()
    place = len(raw) // 2
    file.write_bytes(raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :])
    said = negosim("store", "verify", kept, "--export", str(file), "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    line = raw.count(b"\n", 0, place) + 1
    assert said.document["problem"] == f"as {form} the file differs from byte {place} on, in line {line}"


def test_only_a_run_has_an_exported_file(negosim, kept, place, home):
    said = negosim("store", "verify", str(place), "--export", str(home / "none"))
    assert said.code == ExitCode.USAGE
    assert "--export needs a RUN" in said.err
    said = negosim("store", "verify", kept, "--export", str(home / "none"))
    assert said.code == ExitCode.USAGE
    assert "none: No such file" in said.err


def test_a_changed_story_is_noted(negosim, quarrel):
    key = negosim("run", quarrel("__init__.py", "hours(9)", "hours(9)"), "--json").document["run"]
    quarrel("__init__.py", "A quarrel over a toll", "Another quarrel")
    assert "the scenario has changed since" in negosim("store", "export", key, "--to", "csv").err


def test_export_fails_whole(negosim, kept, home, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = negosim("store", "export", kept, "--to", "parquet", "-o", str(home / "run.parquet"))
    assert said.code == ExitCode.USAGE
    assert "pip install 'negosim[parquet]'" in said.err
    assert not list(home.glob("*run.parquet*"))


def test_export_names_the_place_it_cannot_write(negosim, kept, home):
    said = negosim("store", "export", kept, "-o", str(home / "no" / "run.jsonl"))
    assert said.code == ExitCode.USAGE
    assert f"{home / 'no' / 'run.jsonl'}: No such file or directory" in said.err.replace("\n", "")


def test_export_writes_into_pipes_and_through_links(negosim, kept, home):
    pipe, link, file = home / "pipe", home / "link", home / "file"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        negosim("store", "export", kept, "-o", str(pipe))
    assert pipe.is_fifo()
    file.touch()
    link.symlink_to(file)
    negosim("store", "export", kept, "-o", str(link))
    assert link.is_symlink()
    assert read.result() == file.read_bytes() == negosim("store", "export", kept).out.encode()


# ── log ─────────────────────────────────────────────────────────────────────────────────────────


def test_log_is_a_line_per_entry(negosim, kept):
    lines = negosim("store", "log", kept[:8]).out.splitlines()
    assert len(lines) == 8
    assert [line.rpartition("#")[2] for line in lines] == list("01234567")
    assert any("calls off strike" in line for line in lines)
    document = negosim("store", "log", kept, "--json").document
    assert [one["index"] for one in document] == list(range(8))
    assert document[0]["at"] == "1724-03-01T09:00+00:00"
    assert negosim("store", "log", kept, "--follow").out.splitlines() == lines


def test_log_of_all_runs_names_them(negosim, kept):
    other = negosim("run", "quarrel", "--seed", "8", "--json").document
    lines = negosim("store", "log").out.splitlines()
    assert [line[:12] for line in lines] == [kept[:12]] * 8 + [other["run"][:12]] * other["entries"]
    assert {one["run"] for one in negosim("store", "log", "--json").document} == {kept, other["run"]}


@pytest.mark.parametrize("name", [True, False], ids=["one run", "all runs"])
def test_follow_tells_every_entry_once_while_another_process_writes(home, place, name):
    place.parent.mkdir()
    log = [Entry(index, index, e.Said("crown", "guild", "public", f"word-{index}")) for index in range(40)]
    with SqliteStore(place) as store:
        key = store.create({"scenario": "unheard-of"})
        follower = subprocess.Popen(
            [sys.executable, "-m", "negosim", "store", "log", *([key] if name else []), "--follow", "--json"],
            cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = []
        for index, entry in enumerate(log):
            store.append(key, [entry])
            if index % 8 == 0:  # do not run ahead of who follows
                while len(told) <= index:
                    told.append(json.loads(follower.stdout.readline()))
        store.finish(key)
        while len(told) < len(log):
            told.append(json.loads(follower.stdout.readline()))
    if not name:
        follower.terminate()
    rest, _ = follower.communicate(timeout=60)
    assert rest == ""
    assert [one["index"] for one in told] == list(range(40))
    assert {one["run"] for one in told} == {key}
    assert (follower.returncode == 0) is name


# ── runs, delete, vacuum ────────────────────────────────────────────────────────────────────────


def test_runs_are_filtered_and_measured(negosim, kept):
    negosim("run", "quarrel", "-S", "guild.pride=9000")
    changed = negosim("store", "list", "--text", "pride", "--json").document
    assert [one["changes"] for one in changed] == [["guild.pride=9000"]]
    assert [one["run"] for one in negosim("store", "list", "--text", kept[:9], "--json").document] == [kept]
    assert len(negosim("store", "list", "--scenario", "quarrel", "--json").document) == 2
    assert negosim("store", "list", "--scenario", "quarr", "--json").document == []
    exported = [re.sub(',"link":"[^"]*"', "", line) for line in negosim("store", "export", kept).out.splitlines()[1:]]
    sized = negosim("store", "list", "--sizes", "--json").document
    assert sized[0]["bytes"] == sum(map(len, exported))
    assert f"{sized[0]['bytes']:,}" in negosim("store", "list", "--sizes").out


def test_deleted_runs_are_gone_and_their_space_comes_back(negosim, kept, place):
    keys = [negosim("run", "quarrel", "--seed", str(seed), "--json").document["run"] for seed in range(20, 60)]
    assert negosim("store", "delete", *keys, "--json").document == {"deleted": keys}
    assert [one["run"] for one in negosim("store", "list", "--json").document] == [kept]
    said = negosim("store", "vacuum", "--json").document
    assert said["bytes_after"] < said["bytes_before"]
    assert said["bytes_after"] == place.stat().st_size
    assert "bytes are free again" in negosim("store", "vacuum").out
    assert negosim("store", "verify", kept).code == ExitCode.DONE


def test_nothing_is_deleted_when_a_name_is_wrong(negosim, kept):
    said = negosim("store", "delete", kept, "abcdef")
    assert said.code == ExitCode.USAGE
    assert "no run called 'abcdef'" in said.err
    assert [one["run"] for one in negosim("store", "list", "--json").document] == [kept]


# ── verify and heads ────────────────────────────────────────────────────────────────────────────


def tamper(place, *statements):
    """Change a store behind its back."""
    with closing(sqlite3.connect(place)) as db:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (trigger,) in db.execute(triggers).fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_verify_makes_three_promises(negosim, kept):
    said = negosim("store", "verify", kept, "--refold", "--rerun", "--json")
    assert said.code == ExitCode.DONE
    assert said.document["problem"] == ""
    assert said.document["entries"] == 8


def test_verify_notices_changed_bytes(negosim, kept, place):
    tamper(place, "UPDATE entry SET body = CAST(replace(body, 'half', 'all_') AS BLOB) WHERE idx = 2")
    said = negosim("store", "verify", kept)
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "is not as it was: entry 2: its bytes are not those" in said.out


def test_rerun_shows_recorded_and_now_with_address_and_line(negosim, quarrel, home):
    key = negosim("run", quarrel("__init__.py", "hours(9)", "hours(9)"), "--json").document["run"]
    quarrel("__init__.py", "seat.offer(guild, Toll.HALF, via=back)", "seat.offer(guild, Toll.HALF, via=back, due=days(9))")
    said = negosim("store", "verify", key, "--rerun", "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    story = home / "quarrel" / "__init__.py"
    written = story.read_text(encoding="utf-8").splitlines()
    line = 1 + next(number for number, text in enumerate(written) if "seat.offer" in text)
    assert said.document["problem"].splitlines() == [
        "played again, entry 2 differs, after crown.offer[strike]",
        f"at {story}:{line}",
        "  event.due: recorded None, now 12960",
        "the scenario or negosim has changed since it was kept",
    ]
    assert f"{story}:{line}" in negosim("store", "verify", key, "--rerun").out.replace("\n", "")


@pytest.mark.parametrize(
    ("kept_entries", "words"), [(9, "it has 8 entries, not 9"), (5, "it has 8 entries, not 5, after guild.answer")]
)
def test_rerun_of_another_length_is_told(negosim, kept, place, kept_entries, words):
    with SqliteStore(place) as store:
        manifest, log = store.info(kept).manifest, [*store.entries(kept)]
        store.delete(kept)
        longer = [*log, Entry(len(log), log[-1].minute, e.Said("crown", "guild", "public", "more"))]
        store.put_run(manifest, longer[:kept_entries])
    problem = negosim("store", "verify", kept, "--rerun", "--json").document["problem"]
    assert problem.startswith(f"played again, {words}")


def test_refold_notices_another_state(negosim, kept, place):
    with SqliteStore(place) as store:
        store.note(kept, **{NOTE: "0" * 64})
    assert negosim("store", "verify", kept).code == ExitCode.DONE
    said = negosim("store", "verify", kept, "--refold", "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "not to 000000000000" in said.document["problem"]


def test_refold_of_a_run_without_its_state_is_told(negosim, kept, place):
    with SqliteStore(place) as store:
        store.note(kept, **{NOTE: None})
    said = negosim("store", "verify", kept, "--refold")
    assert said.code == ExitCode.USAGE
    assert "kept without its state; try --rerun" in said.err
    said = negosim("store", "verify", str(place), "--refold")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "it cannot be checked" in said.out


def test_verify_a_whole_store(negosim, kept, place):
    other = negosim("run", "quarrel", "--seed", "8", "--json").document["run"]
    said = negosim("store", "verify", str(place), "--refold", "--rerun", "--json")
    assert said.code == ExitCode.DONE
    assert [(one["run"], one["ok"]) for one in said.document["runs"]] == [(kept, True), (other, True)]
    tamper(place, "UPDATE entry SET link = zeroblob(32) WHERE run = 2 AND idx = 1")
    said = negosim("store", "verify", str(place))
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "2 runs, 1 of them not as they were" in said.out


def test_heads_show_a_cut_tail_and_a_missing_run(negosim, kept, place, home):
    other = negosim("run", "quarrel", "--seed", "8", "--json").document["run"]
    file = str(home / "heads.jsonl")
    assert negosim("store", "checkpoint", "-o", file, "--json").document == {"output": file, "heads": 2}
    assert negosim("store", "checkpoint").out == Path(file).read_text(encoding="utf-8")
    assert negosim("store", "verify", str(place), "--checkpoint", file).code == ExitCode.DONE
    tamper(
        place, "DELETE FROM entry WHERE run = 1 AND idx = 7",
        "UPDATE run SET length = 7, head = (SELECT link FROM entry WHERE run = 1 AND idx = 6) WHERE id = 1",
    )  # fmt: skip
    assert negosim("store", "verify", kept).code == ExitCode.DONE
    assert "its checkpoint has 8" in negosim("store", "verify", kept, "--checkpoint", file).out
    negosim("store", "delete", other)
    said = negosim("store", "verify", str(place), "--checkpoint", file, "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert [one["ok"] for one in said.document["runs"]] == [False, False]
    assert "it is not in the store" in said.document["runs"][1]["problem"]


def test_a_run_without_a_head_in_the_file_is_not_verified(negosim, kept, home):
    empty = home / "heads.jsonl"
    empty.touch()
    said = negosim("store", "verify", kept, "--checkpoint", str(empty), "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "the file has no head of it" in said.document["problem"]


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"x", b'{"head":"", "key":"","length":1}', b'{"head":1,"key":"","length":1}', b"[" * 5000]
)
def test_a_spoiled_line_of_heads_is_named(negosim, kept, home, line):
    file = home / "heads.jsonl"
    file.write_bytes(negosim("store", "checkpoint").out.encode() + line + b"\n")
    said = negosim("store", "verify", kept, "--checkpoint", str(file))
    assert said.code == ExitCode.USAGE
    assert "line 2: " in said.err

def test_a_folder_without_a_store_is_no_store(negosim, home):
    said = negosim("store", "verify", str(home))
    assert said.code == ExitCode.USAGE
    assert "there is no such store" in said.err
    assert not list(home.glob("*.sqlite"))


READING = [
    ("store", "list",), ("store", "log",), ("store", "log", "abcdef"), ("store", "checkpoint",), ("store", "verify", "abcdef"), ("store", "export", "abcdef"),
    ("show", "abcdef"), ("why", "abcdef", "1"), ("compare", "abcdef", "abcdee"), ("store", "delete", "abcdef"),
    ("store", "vacuum",),
]  # fmt: skip


@pytest.mark.parametrize("verb", READING, ids=" ".join)
def test_a_misspelt_store_is_named_and_not_made(negosim, kept, place, verb):
    wrong = place.with_name("negosm.sqlite")
    said = negosim(*verb, "--store", str(wrong))
    assert said.code == ExitCode.USAGE
    assert said.err.splitlines() == [
        f"error: {wrong}: there is no such store", "  did you mean 'negosim.sqlite'?",
    ]  # fmt: skip
    assert not wrong.exists()


@pytest.mark.parametrize("verb", READING, ids=" ".join)
def test_before_anything_is_kept_that_is_said_and_nothing_is_made(negosim, home, verb):
    said = negosim(*verb)
    assert said.code == ExitCode.USAGE
    assert "nothing has been kept yet" in said.err
    assert "negosim run NAME" in said.err
    assert not (home / "home").exists()


def test_a_misspelt_store_to_verify_is_no_run(negosim, kept, place):
    said = negosim("store", "verify", str(place.with_name("negosm.sqlite")))
    assert said.code == ExitCode.USAGE
    assert "did you mean 'negosim.sqlite'?" in said.err


def test_a_check_that_only_reads_makes_no_store(negosim, home):
    assert negosim("check", "quarrel").code == ExitCode.DONE
    assert not (home / "home").exists()


def test_the_draw_of_a_replay_keeps_its_state(negosim):
    assert negosim("replay", "quarrel", "-n", "20", "-j", "1").code == ExitCode.DONE
    (draw,) = negosim("store", "list", "--json").document
    said = negosim("store", "verify", draw["run"], "--refold", "--rerun")
    assert said.code == ExitCode.DONE, said.err


# ── what came from elsewhere ────────────────────────────────────────────────────────────────────


@pytest.fixture
def foreign(place, home):
    """An imported run that would like to print, to run code, and to live for ever."""
    place.parent.mkdir()
    trap = home / "trap"
    trap.mkdir()
    (trap / "__init__.py").write_text(f"open({str(home / 'sprung')!r}, 'w')")
    log = [
        Entry(0, 0, e.Said(EVIL, EVIL, EVIL, EVIL)),
        Entry(1, 2**53 - 1, e.Claimed(EVIL, EVIL, EVIL, EVIL), (0,)),
    ]
    manifest = {"scenario": str(trap), "verb": EVIL, "changes": EVIL, "seed": [EVIL]}
    with SqliteStore(place) as store:
        return store.put_run(manifest, log)


@pytest.mark.parametrize(
    "verb", [("store", "list",), ("store", "list", "--sizes"), ("store", "log", 0), ("store", "log",), ("store", "verify", 0), ("store", "checkpoint",), ("store", "export", 0)]
)
@pytest.mark.parametrize("json_too", [(), ("--json",)], ids=["text", "json"])
def test_foreign_texts_print_harmlessly(negosim, foreign, verb, json_too):
    said = negosim(*(foreign if word == 0 else word for word in verb), *json_too)
    assert said.code == ExitCode.DONE, said.err
    assert foreign[:12] in said.out or "evil" in said.out
    if "export" not in verb:  # which writes the very bytes of the store
        assert is_harmless(said.out)
    assert is_harmless(said.err)


@pytest.mark.parametrize(
    "verb", [("why", 0, "1"), ("store", "export", 0, "--to", "csv"), ("store", "verify", 0, "--rerun"), ("store", "verify", 0, "--refold")]
)
def test_no_code_runs_from_where_a_file_says(negosim, foreign, home, verb):
    said = negosim(*(foreign if word == 0 else word for word in verb))
    assert said.code == ExitCode.USAGE
    assert said.err.startswith("error: ")
    assert is_harmless(said.err)
    assert not (home / "sprung").exists()


TELLING = [
    ("show", 0), ("why", 0, "1"), ("compare", 0, 0), ("store", "export", 0, "--to", "csv"), ("store", "verify", 0, "--rerun"),
    ("store", "log", 0),
]  # fmt: skip


@pytest.fixture
def given(negosim, quarrel, home):
    """A store given by somebody, with the folder that its run was played from; both look right."""
    folder = quarrel("__init__.py", "hours(9)", "hours(8)")
    place = str(home / "given.sqlite")
    key = negosim("run", folder, "--store", place, "--json").document["run"]
    loading._load.cache_clear()
    story = home / "quarrel" / "__init__.py"
    with story.open("a") as file:
        file.write(f"\nopen({str(home / 'sprung')!r}, 'w').close()\n")
    return key, place


@pytest.mark.parametrize("verb", TELLING, ids=lambda verb: " ".join(map(str, verb)))
def test_no_code_runs_from_a_folder_that_a_given_store_names(negosim, given, home, monkeypatch, verb):
    key, place = given
    words = [*(key if word == 0 else word for word in verb), "--store", place]
    said = negosim(*words)
    assert not (home / "sprung").exists()
    if "log" not in verb:  # which can do without names
        assert said.code == ExitCode.USAGE
        assert said.err.splitlines() == [
            f"error: played from {home / 'quarrel'}, which is none of the places where scenarios are looked for",
            "  no code is run from where a file says",
            f"  if you trust that folder, name it yourself: NEGOSIM_PATH={home} negosim ...",
        ]
    monkeypatch.setenv("NEGOSIM_PATH", str(home))
    assert negosim(*words).code in (ExitCode.DONE, ExitCode.ANSWER_IS_NO)
    assert (home / "sprung").exists()


def test_no_code_runs_from_a_folder_that_a_study_names(negosim, given, home, monkeypatch):
    (home / "sprung").unlink(missing_ok=True)
    study = str(home / "given-study.sqlite")
    assert negosim("study", str(home / "quarrel"), "-n", "5", "-j", "1", "-o", study).code == ExitCode.DONE
    (home / "sprung").unlink()
    with (home / "quarrel" / "__init__.py").open("a") as file:
        file.write("\n# and so on\n")
    said = negosim("store", "verify", study)
    assert said.code == ExitCode.USAGE
    assert "no code is run from where a file says" in said.err
    assert not (home / "sprung").exists()
    monkeypatch.setenv("NEGOSIM_PATH", str(home))
    negosim("store", "verify", study)
    assert (home / "sprung").exists()


def test_a_given_store_is_told_by_the_same_story_wherever_that_is(negosim, home, quarrel):
    folder, place = quarrel("__init__.py", "hours(9)", "hours(9)"), str(home / "given.sqlite")
    key = negosim("run", folder, "--store", place, "--json").document["run"]
    said = negosim("store", "verify", key, "--rerun", "--store", place)  # NEGOSIM_PATH has a folder of the same bytes
    assert said.code == ExitCode.DONE, said.err


def test_an_import_carries_no_folder(negosim, given, home):
    key, place = given
    file = str(home / "run.jsonl")
    assert negosim("store", "export", key, "--store", place, "-o", file).code == ExitCode.DONE
    assert negosim("store", "import", file).code == ExitCode.DONE
    with SqliteStore(home / "home" / "negosim.sqlite") as store:
        assert store.notes(key) == {}
    assert str(home / "quarrel") not in Path(file).read_text(encoding="utf-8")
    negosim("why", key, "1")
    assert not (home / "sprung").exists()


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("jsonl", "parquet")])
def test_a_foreign_log_under_a_known_name_is_exported_harmlessly(negosim, place, form):
    place.parent.mkdir()
    log = [Entry(0, 0, e.Announced(EVIL, EVIL, EVIL, 1)), Entry(1, 5, e.Claimed(EVIL, EVIL, EVIL, EVIL), (0,))]
    with SqliteStore(place) as store:
        key = store.put_run({"scenario": "quarrel", "negosim": "", "story": ""}, log)
    said = negosim("store", "export", key, "--to", form)
    assert said.code == ExitCode.DONE, said.err
    assert "evil" in said.out
    assert is_harmless(said.out)
    assert is_harmless(said.err)
    assert negosim("store", "verify", key, "--rerun", "--json").document["problem"].startswith("it cannot be played again")


def test_a_minute_without_a_date_is_told(negosim, place):
    place.parent.mkdir()
    with SqliteStore(place) as store:
        key = store.put_run(
            {"scenario": "quarrel", "negosim": "", "story": ""}, [Entry(0, 2**53 - 1, e.Suspended("public", "crown"))]
        )
    said = negosim("store", "export", key, "--to", "csv")
    assert said.code == ExitCode.USAGE
    assert "entry 0: minute 9007199254740991 has no date" in said.err
    assert "minute 9007199254740991" in negosim("store", "log", key).out


@pytest.mark.parametrize("verb", [("show", 0), ("why", 0, "1"), ("compare", 0, 0), ("store", "export", 0, "--to", "csv")])
def test_nothing_is_told_of_a_run_that_is_not_as_it_was_written(negosim, kept, place, verb):
    tamper(place, "UPDATE entry SET body = CAST(replace(body, 'half', 'all_') AS BLOB) WHERE idx = 2")
    said = negosim(*(kept if word == 0 else word for word in verb))
    assert said.code == ExitCode.ANSWER_IS_NO
    assert f"run {kept[:12]} is not as it was written" in said.err
    assert said.out == ""


def test_a_run_that_differs_from_the_one_kept_says_what_may_be_behind_it(negosim, tmp_path):
    folder = tmp_path / "fair"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from datetime import datetime\nfrom itertools import count\n"
        "from negosim import Actor, Calendar, Scenario, days, public\n"
        'crown, plays = Actor("crown", "The Crown"), count(1)\n'
        "def part(seat):\n    yield from seat.pause(next(plays))\n"
        '    seat.announce("fair", "market", due=days(8))\n'
        'scenario = Scenario("fair", "A fair", Calendar(datetime(1724, 3, 1), "UTC"), days(10),\n'
        "    actors=(crown,), channels=(public(),), cast={crown: (part,)})\n"
    )
    assert negosim("run", str(folder), "--seed", "7").code == ExitCode.DONE
    again = negosim("run", str(folder), "--seed", "7")
    assert again.code != ExitCode.DONE
    assert "was kept before with other entries" in again.err
    assert "what an earlier run left" in " ".join(again.err.split())
    checked = negosim("check", str(folder))
    assert (checked.code, "played twice in one process" in " ".join(checked.out.split())) == (ExitCode.ANSWER_IS_NO, True)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE run SET manifest = x'00' WHERE id = 1",
        "UPDATE run SET key = 'not a key' WHERE id = 1",
        "UPDATE run SET parent = 1 WHERE id = 1",
        "UPDATE run SET head = x'00' WHERE id = 1",
    ],
    ids=["manifest", "key", "cycle", "head"],
)
def test_one_damaged_run_hides_no_other(negosim, kept, place, damage):
    other = negosim("run", "quarrel", "--seed", "8", "--json").document["run"]
    tamper(place, damage)
    said = negosim("store", "verify", str(place), "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    broken, sound = said.document["runs"]
    assert (broken["ok"], sound["run"], sound["ok"]) == (False, other, True)
    assert broken["problem"]
    listed = negosim("store", "list", "--json")
    assert listed.code == ExitCode.DONE
    assert other in [run["run"] for run in listed.document]
