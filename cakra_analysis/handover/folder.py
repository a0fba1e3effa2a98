"""A folder of working files: written whole or not at all, for its owner's eyes only."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from cakra_analysis.errors import DataError

LIST = "isi.json"
OLD = ".before"


def read_before(folder: Path, name: str) -> bytes | None:
    """Return a file of an earlier hand-over.

    Parameters
    ----------
    folder : Path
        Where it was written.
    name : str
        Of the file, from the folder on.

    Returns
    -------
    bytes or None
        None where there is no such file.
    """
    _recover(folder)
    file = folder / name
    return file.read_bytes() if file.is_file() else None


def check_folder(folder: Path, *, apart_from: Collection[Path] = ()) -> None:
    """Refuse a folder that ``write_whole`` would refuse, before anything is worked out for it.

    Parameters
    ----------
    folder : Path
        Where files are to be written.
    apart_from : collection of Path
        Folders in which it may not lie, and that may not lie in it.

    Raises
    ------
    DataError
        When it lies where it may not, or holds what a hand-over did not write.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100, a link stays a link and is refused
    _recover(folder)
    _refuse_place(folder, apart_from)
    _refuse_foreign(folder)


def write_whole(
    folder: Path, files: Mapping[str, bytes], *, apart_from: Collection[Path] = ()
) -> list[Path]:
    """Write files as one folder that only its owner may open, whole or not at all.

    Parameters
    ----------
    folder : Path
        Made if it is not there; an earlier hand-over in it is replaced.
    files : mapping of str to bytes
        By name from the folder on, with ``/`` between folders.
    apart_from : collection of Path
        Folders in which it may not lie, and that may not lie in it.

    Returns
    -------
    list of Path
        The files, ``isi.json`` with their fingerprints among them.

    Raises
    ------
    DataError
        When the folder lies where it may not, is a file, holds other files or files that were
        changed since they were written, or cannot be written; nothing is changed then.
    """
    check_folder(folder, apart_from=apart_from)
    folder = Path(os.path.abspath(folder))  # noqa: PTH100
    prints = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = json.dumps({"files": prints}, indent=1, sort_keys=True).encode() + b"\n"
    beside: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, content in {**files, LIST: told}.items():
            _write(beside, name, content)
        _swap(beside, folder)
    except OSError as error:
        said = error.strerror or error
        raise DataError(f"{folder}: this folder cannot be written: {said}.") from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in [*files, LIST]]


def _refuse_place(folder: Path, apart_from: Collection[Path]) -> None:
    here = folder.resolve()
    for other in map(Path.resolve, apart_from):
        if here.is_relative_to(other) or other.is_relative_to(here):
            raise DataError(
                f"{folder}: hand-over files hold pseudonyms and may not lie in {other}, nor above "
                "it.",
                do="Give a folder of its own, apart from data and reports.",
            )


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder with anything in it that is not as an earlier hand-over left it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DataError(f"{folder}: this is no folder.", do="Give a folder.")
    if not folder.exists():
        return
    found = {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if not f.is_dir()}
    try:
        prints = json.loads(found[LIST].read_bytes())["files"] if LIST in found else {}
    except (ValueError, KeyError, TypeError):
        prints = {}
    foreign = sorted(set(found) - set(prints) - {LIST}) or sorted(
        {LIST} & set(found) if not prints else ()
    )
    if foreign:
        raise DataError(
            f"{folder}: the folder holds what a hand-over did not write: {foreign[0]}.",
            allowed="It may be new, empty or an earlier hand-over.",
            do="Give another folder, or move its files out first.",
        )
    changed = [
        name
        for name, file in sorted(found.items())
        if name in prints and hashlib.sha256(file.read_bytes()).hexdigest() != prints[name]
    ]
    if changed:
        raise DataError(
            f"{folder}: {changed[0]} was changed since it was written.",
            allowed="Files that somebody changed are not written over.",
            do="Give another folder, or move that file out of it first.",
        )


def _write(beside: Path, name: str, content: bytes) -> None:
    file = beside / name
    for parent in reversed(file.relative_to(beside).parents[:-1]):
        (beside / parent).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _swap(beside: Path, folder: Path) -> None:
    """Put the new folder in place; what stood there goes only once the new one stands."""
    old = folder.with_name(f".{folder.name}{OLD}")
    if folder.exists():
        folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Undo what a kill between two renames left: the earlier hand-over stands aside."""
    old = folder.with_name(f".{folder.name}{OLD}")
    if not old.is_dir():
        return
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(folder)
