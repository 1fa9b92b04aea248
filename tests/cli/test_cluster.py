"""Verbs on a real Dask scheduler and two workers: the same bytes as here, and who may not play."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from negosim.lab import cluster as module
from negosim.lab.ensembles.study_file import open_study
from tests.cli.conftest import STORIES

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.once]

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds after which a process that does not answer counts as lost."""


@contextmanager
def processes(*commands: list[str], environ: dict[str, str]):
    """Processes that end with the block."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command], env=environ, cwd=REPOSITORY, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for command in commands
    ]
    try:
        yield
    finally:
        for one in started:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@contextmanager
def workers(folder: Path, count: int, **environ: str):
    """A scheduler with so many workers of one thread each: a client of it, once they are there."""
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    known = {**os.environ, "NEGOSIM_PATH": str(STORIES), "DASK_TEMPORARY_DIRECTORY": str(folder), **environ}
    file = folder / "scheduler.json"
    at = ["--scheduler-file", str(file)]
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *at]
    worker = ["worker", "--nthreads", "1", "--no-dashboard", *at]
    with (
        processes(scheduler, *[worker] * count, environ=known),
        distributed.Client(scheduler_file=str(file), timeout=PATIENCE) as client,
    ):
        if count:
            client.wait_for_workers(count, timeout=PATIENCE)
        yield client


def address_of(client) -> str:
    return client.scheduler.address.replace("tcp://", module.SCHEME)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with workers(tmp_path_factory.mktemp("dask"), 2) as client:
        yield client


def test_a_study_has_the_same_rows_though_a_worker_is_killed(negosim, tmp_path, client, monkeypatch):
    pids = client.run(os.getpid)
    assert len(set(pids.values())) == 2
    killed = []

    class Kills(module._SameNegosim):
        def submit(self, work, /, *task):
            if task[1] >= 100 and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)
            return super().submit(work, *task)

    monkeypatch.setattr(module, "_SameNegosim", Kills)
    monkeypatch.chdir(tmp_path)
    alone = negosim("study", "quarrel", "-n", "1000", "-j", "1", "-o", "here", "--json")
    there = negosim("study", "quarrel", "-n", "1000", "-o", "there", "--executor", address_of(client), "--json")
    assert killed
    assert there.document["head"] == alone.document["head"]
    with open_study("here") as one, open_study("there") as other:
        assert list(one.rows()) == list(other.rows())
    client.wait_for_workers(2, timeout=PATIENCE)
    assert killed[0] not in client.run(os.getpid).values()


ASKED = ("cuba-1962", "he-holds-out", "-n", "100")
WHATIF, REPORT = ("whatif", *ASKED, "--json"), ("report", *ASKED, "-o", "-")


@pytest.mark.parametrize("verb", [WHATIF, REPORT], ids=["whatif", "report"])
def test_an_answer_has_the_same_bytes(verb, negosim, tmp_path, client):
    alone = negosim(*verb, "-j", "1", "--store", str(tmp_path / "here"))
    there = negosim(*verb, "--executor", address_of(client), "--store", str(tmp_path / "there"))
    assert there.code == alone.code, there.err
    assert there.out == alone.out
    assert len(there.out) > 1000


def test_a_worker_of_another_negosim_is_refused(negosim, tmp_path):
    shutil.copytree(REPOSITORY / "negosim", tmp_path / "other" / "negosim", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "other" / "negosim" / "newer.py").write_text('"""What this negosim does not have."""\n')
    with workers(tmp_path, 1, PYTHONPATH=str(tmp_path / "other"), PYTHONSAFEPATH="1") as client:
        said = negosim("study", "quarrel", "-n", "20", "-o", str(tmp_path / "a"), "--executor", address_of(client))
    assert said.code == 2
    assert "a worker runs another negosim" in said.err
    with open_study(tmp_path / "a") as kept:
        assert not list(kept.rows())


def test_a_scheduler_without_workers_is_said(negosim, tmp_path):
    with workers(tmp_path, 0) as client:
        said = negosim("study", "quarrel", "-o", str(tmp_path / "a"), "--executor", address_of(client))
    assert said.code == 2
    assert "has no workers" in said.err


def test_no_scheduler_is_said(negosim, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    monkeypatch.setattr(module, "PATIENCE", "1s")
    said = negosim("study", "quarrel", "-o", str(tmp_path / "a"), "--executor", "dask://127.0.0.1:1")
    assert said.code == 2
    assert "no Dask scheduler answers at dask://127.0.0.1:1" in said.err


def test_another_address_is_answered_with_the_form(negosim, tmp_path):
    said = negosim("study", "quarrel", "-o", str(tmp_path / "a"), "--executor", "ray://here")
    assert said.code == 2
    assert "write dask://HOST:PORT" in said.err
    assert not (tmp_path / "a").exists()
