"""The secret key behind the pseudonyms: made once, kept apart from the data, never shown."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from cakra_analysis.errors import SecretError

KEY, KEY_FILE = "CAKRA_KEY", "CAKRA_KEY_FILE"  # environment variables
FEWEST_BYTES = 32  # 256 bits
FEWEST_DIFFERENT = 16  # of 32 random bytes about 30 differ; a made-up key repeats itself
FORM = "It is at least 256 random bits, written as 64 hexadecimal digits or in base64."
MAKE = "Make one with `cakra key`, once; keep a copy in a safe place."


class Key:
    """A secret that signs identifiers; it can be neither read, shown, changed nor pickled.

    Parameters
    ----------
    secret : bytes
        At least 32 random bytes.

    Raises
    ------
    SecretError
        When it is too short or plainly not random.
    """

    __slots__ = ("_secret",)
    _secret: bytes

    def __init__(self, secret: bytes) -> None:
        if len(secret) < FEWEST_BYTES or len(set(secret)) < FEWEST_DIFFERENT:
            raise SecretError(
                "The key for pseudonyms is too short, or plainly not random.",
                allowed=FORM,
                do=MAKE,
            )
        object.__setattr__(self, "_secret", secret)

    def sign(self, text: str) -> bytes:
        """Return the HMAC-SHA256 of a text."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).digest()

    @property
    def code(self) -> str:
        """Eight letters that tell one key from another and do not lead back to it."""
        return base64.b32encode(self.sign("check code of the key")).decode()[:8]

    def __repr__(self) -> str:
        return "Key(hidden)"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A key cannot be changed.")

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key does not leave its process.")


def read_key(*, apart_from: Iterable[Path] = ()) -> Key:
    """Read the key from ``CAKRA_KEY``, or else from its file.

    Parameters
    ----------
    apart_from : iterable of Path
        Data that the key's file must not lie with: folders, or files that share no folder with it.

    Returns
    -------
    Key
        The key.

    Raises
    ------
    SecretError
        When there is none, both variables are set, it is too weak, others may read its file, or
        the file lies in a repository, in the project or with the data.
    """
    if os.environ.get(KEY):
        if os.environ.get(KEY_FILE):
            raise SecretError(
                f"Both {KEY} and {KEY_FILE} are set, and one person must have one pseudonym.",
                do="Unset one of the two.",
            )
        return _decode(os.environ[KEY], KEY)
    file = find_key_file()
    _refuse_place(file, apart_from)
    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SecretError(f"{file}: this is not a file.", do=MAKE)
        _refuse_mode(file, mode)
        text = file.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        raise SecretError(
            f"There is no key for pseudonyms: {KEY} is not set, and there is no file {file}.",
            do=f"{MAKE} If your agency has one, copy it here or name it in {KEY_FILE}.",
        ) from None
    except OSError as error:
        raise SecretError(f"{file}: the key cannot be read: {error.strerror}.") from None
    return _decode(text, str(file))


def find_key_file() -> Path:
    """Say where the key's file stands, or would stand.

    Returns
    -------
    Path
        ``CAKRA_KEY_FILE``, or else ``~/.config/cakra/key``.
    """
    named = os.environ.get(KEY_FILE)
    return Path(named).expanduser() if named else Path.home() / ".config" / "cakra" / "key"


def make_key(file: Path | None = None) -> Path:
    """Make a key file that only its owner can read; a key that is there is never replaced.

    Parameters
    ----------
    file : Path, optional
        Where; without it where ``read_key`` looks.

    Returns
    -------
    Path
        The file: 256 random bits as 64 hexadecimal digits.

    Raises
    ------
    SecretError
        When a file is there already, the place is a repository or the project, or nothing can be
        written there.
    """
    file = (file or find_key_file()).expanduser()
    _refuse_place(file, ())
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".key-")  # 0600 from the start
        try:
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(FEWEST_BYTES) + "\n")
            os.link(name, file)  # whole or not at all; fails where something stands already
        finally:
            Path(name).unlink()
    except FileExistsError:
        raise SecretError(
            f"{file}: something stands here already, and a key is never replaced.",
            allowed="With another key the same person gets another pseudonym: earlier cycles can "
            "no longer be linked.",
            do="Use the key that is there, or give another place: --to FILE.",
        ) from None
    except OSError as error:
        raise SecretError(f"{file}: no key can be written here: {error.strerror}.") from None
    return file


def describe_key(file: Path) -> str:
    """Say where a key stands and what to do with it, never the key itself.

    Parameters
    ----------
    file : Path
        From ``make_key``.

    Returns
    -------
    str
        A few lines for the terminal.
    """
    found = file == find_key_file() and not os.environ.get(KEY)
    use = "It is found by itself." if found else f"To use it: export {KEY_FILE}={file}"
    return "\n".join(
        [
            f"A new key stands in {file}; only you can read it. {use}",
            f"Check code: {_decode(file.read_text('ascii'), str(file)).code} (may be noted down; "
            "imports print it, so that a wrong key is noticed).",
            "Keep one copy in a safe place, apart from the data; never mail or commit it.",
            "Use the same key every cycle. Without it the cycles can no longer be linked; whoever "
            "has it can find out who a pseudonym is.",
        ]
    )


def drop_key() -> None:
    """Take the key out of the environment, so that no notebook or other child sees it."""
    os.environ.pop(KEY, None)


def _decode(text: str, where: str) -> Key:
    text = "".join(text.split())
    try:
        if re.fullmatch(r"[0-9a-fA-F]+", text):
            return Key(bytes.fromhex(text))
        plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
        return Key(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (ValueError, binascii.Error):
        raise SecretError(
            f"{where}: the key for pseudonyms is neither hexadecimal nor base64.",
            allowed=FORM,
            do=MAKE,
        ) from None


def _refuse_mode(file: Path, mode: int) -> None:
    if os.name == "posix" and mode & 0o177:
        raise SecretError(
            f"{file}: others than its owner may use the key (mode {mode & 0o777:04o}).",
            allowed="Its mode is 0600: only the owner reads and writes it.",
            do=f"Run: chmod 600 {file}",
        )


def _refuse_place(file: Path, apart_from: Iterable[Path]) -> None:
    """Refuse a key in a repository, in the project's folder or with the data, links followed."""
    real = file.resolve()
    project = Path(__file__).resolve().parents[2]
    inside = [p for p in real.parents if (p / ".git").exists()]
    inside += [project] if (project / "pyproject.toml").exists() else []
    for data in (path.resolve() for path in apart_from):
        beside = data.is_file() and real.parent == data.parent
        inside.append(data.parent if beside else data)
    for place in inside:
        if real.is_relative_to(place):
            raise SecretError(
                f"{file}: a key may not stand in {place}.",
                allowed="It stands apart from data and code, where it is neither committed nor "
                "copied with them.",
                do=f"Move it, for instance to ~/.config/cakra/key, or name it in {KEY_FILE}.",
            )
