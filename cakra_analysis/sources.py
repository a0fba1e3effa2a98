"""Files as they are: a folder of CSV or Parquet, or one workbook, read as text."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pandas as pd

from cakra_analysis.database.read import read_database
from cakra_analysis.errors import DataError
from cakra_analysis.files import WORKBOOKS, Place, list_files
from cakra_analysis.raw import RawTable, refuse_header, tidy
from cakra_analysis.typed import code_arrow, write_table
from cakra_analysis.workbook import read_workbook


def read_tables(path: Place) -> list[RawTable]:
    """Read every table of a folder, workbook or database as text.

    Parameters
    ----------
    path : Path or str
        A folder of CSV or Parquet files, or one Excel workbook, where names that begin with ``_``
        are left out; or the URL of a database.

    Returns
    -------
    list of RawTable
        In the order of their names, or of the contracts.

    Raises
    ------
    DataError
        When the path does not exist or a file is not what its ending says.
    """
    if not isinstance(path, Path):
        return read_database(path)
    if path.is_dir():
        return [_read_file(file) for file in list_files(path)]
    if not path.exists():
        raise DataError(
            f"{path}: there is no such file or folder.", do="Check the spelling and the folder."
        )
    if path.suffix.lower() in WORKBOOKS:
        return read_workbook(path)
    raise DataError(
        f'{path}: a data set cannot be read from a "{path.suffix or "no ending"}" file.',
        allowed="It is a folder of .csv or .parquet files, or one .xlsx workbook.",
    )


def _read_file(file: Path) -> RawTable:
    return read_csv(file) if file.suffix.lower() == ".csv" else _read_parquet(file)


def read_csv(file: Path) -> RawTable:
    """Read a CSV file as text; the separator is found in its first line.

    Parameters
    ----------
    file : Path
        UTF-8; separated by comma, semicolon or tab.

    Returns
    -------
    RawTable
        Text cells.

    Raises
    ------
    DataError
        When it is not UTF-8, its header is not usable or a row is wider than the header.
    """
    try:
        return _read_text(file)
    except UnicodeError:
        do = "Save it again as CSV UTF-8."
        raise DataError(f"{file}: this is not text in UTF-8.", do=do) from None
    except csv.Error as error:
        raise DataError(
            f"{file}: this is not a table: {error}.",
            do="Look for a quotation mark that is opened and never closed.",
        ) from None
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise DataError(
            f"{file}: a row has more cells than the header: {str(error).strip()}",
            do="A comma inside a text needs quotes around the text.",
        ) from None


def _read_text(file: Path) -> RawTable:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
        separator = max(",;\t", key=first.count)
        stream.seek(0)  # a name may hold a line break
        header = next(csv.reader(stream, delimiter=separator), [])
    refuse_header(str(file), header)
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        cells = pd.read_csv(
            file,
            sep=separator,
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            skip_blank_lines=False,
            index_col=False,
        )
    cells.columns = [str(c).strip() for c in header]
    cells.index = cells.index + 2
    numeric = pd.DataFrame(False, index=cells.index, columns=cells.columns)
    cells = tidy(cells)
    return RawTable(file.stem, str(file), cells, numeric, _find_short(file, separator, cells))


def _find_short(file: Path, separator: str, cells: pd.DataFrame) -> pd.Index:
    """Rows that end before the header does; pandas reads their last cells as blank."""
    if cells.iloc[:, -1].notna().all():
        return cells.index[:0]
    with file.open(encoding="utf-8-sig", newline="") as stream:
        widths = [len(row) for row in csv.reader(stream, delimiter=separator)]
    short = [row for row, width in enumerate(widths, start=1) if width < cells.shape[1]]
    return cells.index.intersection(short)


def _read_parquet(file: Path) -> RawTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError(f"{file}: this is not a Parquet file: {error}") from None
    columns = {c: code_arrow(table[c]) for c in table.column_names}
    return write_table(file.stem, str(file), columns)
