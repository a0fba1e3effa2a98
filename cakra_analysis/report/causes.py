"""Why a notebook failed, in words that may be shared, and at which of its questions."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from cakra_analysis.errors import CakraError
from cakra_analysis.raw import mask_digits
from cakra_analysis.report.ceiling import CODE, INPUT, MEMORY

HARMLESS = {"ZeroDivisionError", "MemoryError"}  # their texts never quote data
OUT_OF_MEMORY = {"MemoryError", "_ArrayMemoryError"}
OF_CODE = {"PrivacyError", "RunError"}  # our own errors that a notebook is to blame for


def tell_cause(name: str, text: str) -> str:
    """Return an error in words that may be shared: an error of Python may quote the data.

    Parameters
    ----------
    name, text : str
        Kind and text of the error.

    Returns
    -------
    str
        Text of our own errors, long numbers masked and folders of the machine left out; of others
        the kind only.
    """
    if name in _list_kinds(CakraError):
        return mask_digits(mask_folders(text))
    if name in HARMLESS:
        return f"{name}: {text}"
    return f"{name}; its text may quote the data and is not shown, run the notebook to read it."


def find_kind(name: str) -> str:
    """Return the sort of cause that an error is, as the reader of a report is told it.

    Parameters
    ----------
    name : str
        Kind of the error.

    Returns
    -------
    str
        ``memory``; ``input`` for our own errors, which are about data and settings; else ``code``.

    Examples
    --------
    >>> [find_kind(name) for name in ("DataError", "KeyError", "MemoryError")]
    ['input', 'code', 'memory']
    """
    if name in OUT_OF_MEMORY:
        return MEMORY
    return INPUT if name in _list_kinds(CakraError) - OF_CODE else CODE


def _list_kinds(kind: type) -> set[str]:
    below: list[type] = kind.__subclasses__()
    return {kind.__name__}.union(*(_list_kinds(each) for each in below))


def mask_folders(text: str) -> str:
    """Leave out in which folder of this machine a file lies.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        With the name of the file only.

    Examples
    --------
    >>> mask_folders("/srv/data/2026/ratings.csv: no column level; see a/b")
    'ratings.csv: no column level; see a/b'
    """
    from cakra_analysis.audit.traces import PATH

    return PATH.sub(lambda found: re.split(r"[/\\]", found[0].rstrip("/\\"))[-1], text)


def find_question(notebook: Path, source: str) -> str:
    """Return the heading above a cell, and the cell's first line.

    Parameters
    ----------
    notebook : Path
        The notebook as it is written.
    source : str
        Source of the cell.

    Returns
    -------
    str
        Empty for the cell with the values that were passed in.
    """
    heading = ""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            heads = [li for li in cell.source.splitlines() if li.startswith("#")]
            heading = heads[-1].lstrip("# ") if heads else heading
        elif cell.source == source:
            break
    else:
        return ""
    line = next((li for li in source.splitlines() if li.strip() and not li.startswith("#")), "")
    return f"{heading}: {line.strip()}" if heading else line.strip()
