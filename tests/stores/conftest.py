"""A PostgreSQL server of our own, where one is installed; and what the long tests counted."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path

import pytest


def _programs() -> Path | None:
    """The folder of initdb and postgres."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


class Server:
    """A PostgreSQL server with a folder and a port of its own; it refuses to run as root."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="negosim-postgres-"))
        self.user = None
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self.user = account.pw_name
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        cluster = self.folder / "cluster"
        self.run(
            "initdb", "-D", cluster, "-A", "trust", "-U", "negosim", "-E", "UTF8", "--locale=C"
        )
        self.start()

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs."""
        subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            check=True,
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        log = self.folder / "log"
        self.run("pg_ctl", "-D", self.folder / "cluster", "-w", "-o", settings, "-l", log, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server; ``immediate`` is as good as a crash."""
        self.run("pg_ctl", "-D", self.folder / "cluster", "-w", "-m", how, "stop")

    def address(self, database: str) -> str:
        """Where a database is found."""
        return f"postgresql://negosim@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="session")
def postgres_server():
    pytest.importorskip("psycopg", reason="psycopg is not installed: PostgreSQL is not tested")
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here")
    if os.geteuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no user called postgres")
    server = Server(programs)
    yield server
    server.stop("immediate")
    shutil.rmtree(server.folder)


_databases = count(1)


@pytest.fixture
def postgres(postgres_server):
    """The address of an empty database."""
    import psycopg

    name = f"runs_{next(_databases)}"
    with psycopg.connect(postgres_server.address("postgres"), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    yield postgres_server.address(name)
    # A new connection: the test may have killed the server in between.
    with psycopg.connect(postgres_server.address("postgres"), autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def pytest_terminal_summary(terminalreporter):
    """Add up what passed tests counted with ``record_property``, test by test."""
    counts = {}
    for report in terminalreporter.getreports("passed"):
        for what, number in report.user_properties:
            counts.setdefault(report.nodeid.partition("[")[0], Counter())[what] += number
    if counts:
        terminalreporter.section("counts")
    for test, counted in counts.items():
        told = ", ".join(f"{number:,} {what}" for what, number in counted.items())
        terminalreporter.line(f"{test}: {told}")
