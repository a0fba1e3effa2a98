"""What a report depends on, as short digests by part: what differs is why it is built again."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cakra_analysis.report.run import Run

WHOLE = "data"  # the part of a notebook that does not say which tables it reads
TABLE = "table:"  # begins the part of one table
READS = "reports"  # the part of what other reports kept
PLACES = ("data", "settings", "reports", "withheld")  # parameters that only say where things lie
PACKAGE = Path(__file__).parent.parent
Parts = Mapping[str, str]


def digest(*texts: str | bytes) -> str:
    """Return a short digest of texts, told apart where they meet.

    Parameters
    ----------
    *texts : str or bytes
        What is digested, in this order.

    Returns
    -------
    str
        16 hexadecimal digits (BLAKE2b).

    Examples
    --------
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    found = hashlib.blake2b(digest_size=8)
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()


def digest_files(files: Iterable[Path]) -> str:
    """Return the digest of files, their names included; one that is missing counts as empty.

    Parameters
    ----------
    files : iterable of Path
        In any order.

    Returns
    -------
    str
        As ``digest``.
    """
    found: list[str | bytes] = []
    for file in sorted(files):
        found += [file.name, file.read_bytes() if file.is_file() else b""]
    return digest(*found)


def digest_file(path: str) -> str:
    """Return the digest of one file.

    Parameters
    ----------
    path : str
        The file; an empty text stands for none.

    Returns
    -------
    str
        As ``digest``; empty where there is none.
    """
    return digest_files([Path(path)]) if path else ""


@functools.cache
def digest_package() -> str:
    """Return the digest of this package with its words and templates.

    Returns
    -------
    str
        As ``digest``.
    """
    files = (f for f in PACKAGE.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    return digest_files(files)


@functools.cache
def digest_library() -> str:
    """Return the digest of this package with its words and templates, and of what it runs on.

    Returns
    -------
    str
        Changes with every file of the package, the version of Python and of any installed library.
    """
    site = Path(sysconfig.get_paths()["purelib"])
    libraries = sorted(folder.name for folder in site.glob("*.dist-info"))
    return digest(sys.version, *libraries, digest_package())


def find_parts(
    run: Run,
    data: Parts,
    *,
    other: Mapping[str, str],
    read: Callable[[str], str] = digest_file,
) -> dict[str, str]:
    """Return what a run depends on.

    Parameters
    ----------
    run : Run
        The run.
    data : mapping of str to str
        Digests of the tables it reads, of ``read_digests``.
    other : mapping of str to str
        The same report in the other language, to which its page links.
    read : callable
        Gives the digest of a file; one that remembers spares reading a notebook for every run.

    Returns
    -------
    dict of str to str
        Digest by part: notebook, parameters, settings, library, and those of ``data``.
    """
    settings = str(run.parameters["settings"])
    given = {k: v for k, v in run.parameters.items() if k not in PLACES}
    shape = [given, run.unit_name, run.dataset, run.formats, dict(other)]
    return {
        "notebook": read(str(run.notebook)),
        "parameters": digest(json.dumps(shape, sort_keys=True, default=str)),
        "settings": read(settings),
        "library": digest_library(),
        **data,
    }


def find_differences(old: Parts, new: Parts) -> list[str]:
    """Return the parts in which two keys differ, those outside the data first.

    Parameters
    ----------
    old, new : mapping of str to str
        Of ``find_parts``.

    Returns
    -------
    list of str
        Names of parts; empty where nothing changed.

    Examples
    --------
    >>> find_differences({"library": "a", "table:units": "b"}, {"library": "a", "table:units": "c"})
    ['table:units']
    """
    return [part for part in {**new, **old} if old.get(part) != new.get(part)]


def digest_json(content: Any) -> str:
    """Return the digest of content that JSON can hold, the order of its keys left out.

    Parameters
    ----------
    content : object
        Dictionaries, lists, texts and numbers.

    Returns
    -------
    str
        As ``digest``.
    """
    return digest(json.dumps(content, sort_keys=True))
