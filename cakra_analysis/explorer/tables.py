"""Tables that can be sorted and searched, without a network."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.words import label

TEXTS = ("search", "info", "infoEmpty", "infoFiltered", "lengthMenu", "zeroRecords", "emptyTable")


def start() -> None:
    """Prepare a notebook for ``show_table``: what draws the tables comes from this machine."""
    import itables

    itables.init_notebook_mode(all_interactive=False, connected=False)


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
    itables.show(table, language=said, showIndex=False, classes="display compact", maxBytes=0)
