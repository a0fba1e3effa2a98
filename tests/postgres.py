"""A PostgreSQL server of the tests' own: its own folder and port, ended by them.

Root may not run it, so under root it belongs to the first of a few users without rights.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USERS = ("postgres", "nobody")
PASSWORD = "kata-rahasia"  # of a server that ends with the tests
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=4GB")


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl, of Debian's package or on the path."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


def find_user() -> pwd.struct_passwd | None:
    """Whom the server belongs to; nobody else where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


@contextmanager
def serve_postgres(certificate: Path | None = None) -> Iterator[str]:
    """Yield the URL of a running server, without a password; with a certificate it offers TLS."""
    programs, user, port = find_programs(), find_user(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="cakra-pg-"))
    secret = folder / "password"
    secret.write_text(PASSWORD)
    own, settings = [folder, secret], list(SETTINGS)
    if certificate:
        both = Path(shutil.copy(certificate, folder / "both"))
        both.chmod(0o600)
        own.append(both)
        settings += ["ssl=on", f"ssl_cert_file={both}", f"ssl_key_file={both}"]
    owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    if user:
        for place in own:
            os.chown(place, user.pw_uid, user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        kind = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL}
        subprocess.run(command, **kind, **owner)

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "ana", "-A", "scram-sha-256", "--pwfile", str(secret),
            "--no-sync", "-E", "UTF8", "--locale", "C")  # fmt: skip
        options = " ".join(f"-c {setting}" for setting in settings)
        listen = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", f"{listen} {options}",
            "start")  # fmt: skip
        try:
            yield f"postgresql://ana@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
