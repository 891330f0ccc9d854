"""A PostgreSQL server of one's own, so that it may be stopped, crashed and filled."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.crash.plant import free_port

USER = "postgres"


def programs() -> Path | None:
    """Where the server's programs are, if they are here."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found += [Path(name).parent for name in [shutil.which("initdb")] if name]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@dataclass(slots=True)
class Server:
    data: Path
    port: int

    @property
    def url(self) -> str:
        """Without the name of a database."""
        return f"postgres://{USER}@127.0.0.1:{self.port}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data}"
        run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.data / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`immediate`: as if the server crashed; it recovers from its log at the next start."""
        run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")


def run(program: str, *arguments: str) -> None:
    """Run a program of the server as its own user, which may not be root."""
    folder = programs()
    assert folder is not None
    user = USER if os.geteuid() == 0 else None
    subprocess.run([folder / program, *arguments], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A fresh one, running."""
    with tempfile.TemporaryDirectory(prefix="anl-crash-") as name:
        data = Path(name) / "data"
        data.mkdir()
        if os.geteuid() == 0:
            for folder in (Path(name), data):
                shutil.chown(folder, USER)
        run("initdb", "-D", str(data), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        found = Server(data, free_port())
        found.start()
        try:
            yield found
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                found.stop("immediate")
