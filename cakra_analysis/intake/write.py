"""An import becomes a data set on disk, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.errors import CakraError, DataError
from cakra_analysis.formulas import defuse_formulas
from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.suggest import Suggestion
from cakra_analysis.load import load

NOT_PLACED = "_not_placed"


def write_import(imported: Imported, folder: Path) -> list[Path]:
    """Write the tables as a data set, and what was not placed beside it.

    Parameters
    ----------
    imported : Imported
        What ``import_survey`` returned.
    folder : Path
        Where to write; made if it is not there. The files of an earlier import are replaced.

    Returns
    -------
    list of Path
        The files; ``_not_placed.csv`` among them where something was not placed.

    Raises
    ------
    DataError
        When the folder is a file, holds files that an import does not write or cannot be written,
        or the data set would not load with every row; nothing is written then.
    """
    ours = {f"{name}.csv" for name in [*imported.tables, NOT_PLACED]}
    tables = dict(imported.tables)
    if len(imported.unplaced):
        tables[NOT_PLACED] = defuse_formulas(imported.unplaced)
    return write_tables(tables, folder, ours=ours, check=_refuse_problems)


def write_mapping(made: Suggestion, file: Path) -> Path:
    """Write a proposed mapping.

    Parameters
    ----------
    made : Suggestion
        From ``suggest_mapping``.
    file : Path
        A new ``.toml`` file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        When the file is there already, as somebody may have checked it, or cannot be written.
    """
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(made.text)
    except FileExistsError:
        raise DataError(
            f"{file}: this file is there already.",
            allowed="A proposal never writes over a mapping that somebody may have checked.",
            do="Give another name, or move it away first.",
        ) from None
    except OSError as error:
        raise DataError(f"{file}: the file cannot be written: {error.strerror}.") from None
    return file


def write_tables(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    *,
    ours: Collection[str] = (),
    check: Callable[[Path, Path], None] | None = None,
) -> list[Path]:
    """Write tables as CSV files, whole or not at all.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name.
    folder : Path
        Where to write; made if it is not there.
    ours : collection of str
        Files that may stand in the folder already; they are replaced.
    check : callable, optional
        Given where the files lie first and the folder; it may refuse them.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    DataError
        When the folder is a file, holds other files or cannot be written; nothing is written then.
    """
    old = _list_old(folder, ours)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            for name, table in tables.items():
                table.to_csv(Path(beside) / f"{name}.csv", index=False)
            if check:
                check(Path(beside), folder)
            folder.mkdir(exist_ok=True)
            for file in old:
                file.unlink()
            return [
                Path(shutil.move(Path(beside) / f"{name}.csv", folder / f"{name}.csv"))
                for name in tables
            ]
    except OSError as error:
        raise DataError(f"{folder}: this folder cannot be written: {error.strerror}.") from None


def _list_old(folder: Path, ours: Collection[str]) -> list[Path]:
    """Files of an earlier import; hidden files do not matter, others are not ours to touch."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise DataError(f"{folder}: this is a file.", do="Give a folder for the data set.")
    found = [file for file in folder.iterdir() if file.name[0] not in ".~"]
    foreign = sorted(file.name for file in found if file.name not in ours)
    if foreign:
        who = "an import" if ours else "this command"
        raise DataError(
            f"{folder}: the folder holds what {who} does not write: {', '.join(foreign[:5])}"
            f"{f' and {len(foreign) - 5} more' if len(foreign) > 5 else ''}.",
            allowed=f"It may be new{', empty or an earlier import' if ours else ' or empty'}.",
            do="Give another folder, or move these out of it first.",
        )
    return found


def _refuse_problems(beside: Path, folder: Path) -> None:
    """Refuse a data set of which ``load`` would set a row aside.

    Standards are put beside a survey of levels later on, so that it is tried without its gap.
    """
    file = beside / "about.csv"
    about = pd.read_csv(file, dtype=str)
    gap = about["key"] == "gap_definition"
    if not gap.any() or (about["value"][gap] == STANDARD).all():
        other = pd.DataFrame({"key": ["gap_definition"], "value": ["stated need"]})
        pd.concat([about[~gap], other]).to_csv(file, index=False)
    try:
        problems = load(beside).problems
    except CakraError as error:
        found, allowed, do = (
            text.replace(str(beside), str(folder))
            for text in (error.found, error.allowed, error.do)
        )
        raise DataError(
            f"Nothing was written, as the data set would not load:\n{found}",
            allowed=allowed,
            do=do or "Mend the export or the mapping.",
        ) from None
    about.to_csv(file, index=False)
    if len(problems):
        said = "\n".join(
            f'  {p.table}.csv, row {p.row}, {p.column} "{p.value}": {p.message_en}'
            for p in problems.head(10).itertuples()
        )
        raise DataError(
            f"{folder}: nothing was written, as {len(problems)} rows would be set aside:\n{said}",
            do="Mend the export or the mapping.",
        )
