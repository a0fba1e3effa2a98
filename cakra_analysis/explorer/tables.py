"""Tables that can be sorted and searched, without a network."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.report.render import fonts
from cakra_analysis.words import label

# JupyterLab takes arrow keys and Enter for itself unless an element asks it not to.
KEEP_KEYS = """<script>document.addEventListener("focusin", event => {
  if (event.target.closest(".cakra-explorer, .dt-container"))
    event.target.setAttribute("data-lm-suppress-shortcuts", "true");
})</script>"""
TEXTS = ("search", "info", "infoEmpty", "infoFiltered", "lengthMenu", "zeroRecords", "emptyTable")


def start() -> None:
    """Prepare a notebook: tables, letters and keys work, and nothing comes from a network."""
    import itables
    from IPython.display import display

    itables.init_notebook_mode(all_interactive=False, connected=False)
    show: Any = display  # IPython carries no types
    show({"text/html": f"<style>{fonts()}</style>{KEEP_KEYS}"}, raw=True)


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
