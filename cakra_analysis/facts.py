"""What the table ``about`` says: one of the known values, and scorable with the tables given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cakra_analysis.contracts import STANDARD, facts
from cakra_analysis.errors import DataError, suggest


def check_facts(where: str, about: pd.DataFrame) -> None:
    """Refuse a fact that is none of its known values.

    Parameters
    ----------
    where : str
        File, for messages.
    about : DataFrame
        key, value.

    Raises
    ------
    DataError
        With the known values.
    """
    for key, value in zip(about["key"], about["value"], strict=True):
        allowed = facts().get(key, (value,))
        if value not in allowed:
            raise DataError(
                f'{where}: {key} is "{value}".',
                allowed=f"It must be one of: {'; '.join(allowed)}.",
                do=suggest(value.lower(), allowed),
            )


def check_definition(path: Path | str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a data set that lacks what its own definition of a gap reads.

    Parameters
    ----------
    path : Path or str
        The data set, for messages.
    tables : mapping of str to DataFrame
        Checked tables.

    Raises
    ------
    DataError
        With what is missing and the two ways out.
    """
    if "ratings" not in tables:
        return  # nobody was rated, so there are no gaps to define
    definition = _definition(tables)
    others = [d for d in facts()["gap_definition"] if d != STANDARD]
    if definition == STANDARD:
        missing = [f"the table {name}" for name in ("positions", "standards") if name not in tables]
        if "position_id" not in tables["staff"]:
            missing.append("the column position_id of the table staff")
        other = "add the column need to the table ratings, and to the table about the row "
        other += f"gap_definition with one of: {'; '.join(others)}."
    else:
        missing = (
            ["the column need of the table ratings"] if "need" not in tables["ratings"] else []
        )
        other = f'set gap_definition in the table about to "{STANDARD}", which needs the tables '
        other += "positions and standards and the column position_id of the table staff."
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise DataError(
            f"{path}: {' and '.join(missing)} {verb} missing.",
            allowed=f'Gaps are defined as "{definition}" in this data set, which needs '
            f"{'it' if len(missing) == 1 else 'them'}.",
            do=f"Add {'it' if len(missing) == 1 else 'them'}; or {other}",
        )


def find_without_post(tables: Mapping[str, pd.DataFrame]) -> pd.Index:
    """Return the rows of staff who hold no post where the gap is one against the post's standard.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Checked tables.

    Returns
    -------
    Index
        Row numbers; such people stay in the table and are in no gap.
    """
    staff = tables["staff"]
    if _definition(tables) != STANDARD or "ratings" not in tables:
        return staff.index[:0]
    return staff.index[staff["position_id"].isna()]


def _definition(tables: Mapping[str, pd.DataFrame]) -> str:
    about = tables["about"]
    return str(dict(zip(about["key"], about["value"], strict=True)).get("gap_definition", STANDARD))
