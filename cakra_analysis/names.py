"""Names beside codes, in both languages, so that charts and sentences need no other table."""

from __future__ import annotations

from typing import Any

import pandas as pd

# A course has a competency too, so its own code comes first.
ITEM_CODES = ("course_id", "question_id", "competency_id")


def name_item(row: Any) -> dict[str, str]:
    """Return what an item is called, for a finding.

    Parameters
    ----------
    row : Series or named tuple
        One row of a table with names: name_id, name_en.

    Returns
    -------
    dict of str to str
        Name by language.
    """
    return {"id": row.name_id, "en": row.name_en}


def add_names(
    table: pd.DataFrame,
    *,
    units: pd.DataFrame | None = None,
    items: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add names to a table of results.

    Parameters
    ----------
    table : DataFrame
        Has unit_id, competency_id, question_id or course_id.
    units : DataFrame, optional
        unit_id, name; adds ``unit``.
    items : DataFrame, optional
        Courses, questions or competencies: their code, name_id, name_en; adds ``name_id`` and
        ``name_en``.

    Returns
    -------
    DataFrame
        Same rows and order.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": ["U"], "value": [1.0]})
    >>> add_names(table, units=pd.DataFrame({"unit_id": ["U"], "name": ["Mayura"]}))["unit"].item()
    'Mayura'
    """
    if units is not None:
        table = table.assign(unit=table["unit_id"].map(units.set_index("unit_id")["name"]))
    if items is not None:
        key = next(code for code in ITEM_CODES if code in items)
        names = items.set_index(key)
        table = table.assign(
            name_id=table[key].map(names["name_id"]), name_en=table[key].map(names["name_en"])
        )
    return table
