"""Tables that can be sorted and searched, without a network."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.report.render import fonts
from cakra_analysis.words import label

TEXTS = ("search", "info", "infoEmpty", "infoFiltered", "lengthMenu", "zeroRecords", "emptyTable")


def start() -> None:
    """Prepare a notebook: what draws the tables comes from this machine, and so do the letters."""
    import itables
    from IPython.display import display

    itables.init_notebook_mode(all_interactive=False, connected=False)
    show: Any = display  # IPython carries no types
    show({"text/html": f"<style>{fonts()}</style>"}, raw=True)


def show_table(table: pd.DataFrame, *, lang: str = "id") -> None:
    """Show a table that can be sorted by its headings and searched.

    Parameters
    ----------
    table : DataFrame
        What to show; figures about people have been published before.
    lang : str
        Of the words around the table, ``id`` or ``en``.
    """
    import itables

    said = {name: label(f"explorer.table.{name}", lang) for name in TEXTS}
    words = [n for n, kind in enumerate(table.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
    left = [{"targets": words, "className": "dt-left"}]
    itables.show(table, language=said, showIndex=False, columnDefs=left, classes="display compact")
