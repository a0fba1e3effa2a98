"""How a gap is shown, by its definition."""

from __future__ import annotations

from cakra_analysis.contracts import STATED

# How a table of gaps is shown, by style: ``column:label:kind``.
GAP_COLUMNS = {
    "gap": ["name:item:text", "value:value:levels", "interval:interval:interval",
            "need_share:need_share:percent", "n:n:count", "category:category:category"],
    "need": ["name:item:text", "value:need_value:levels", "interval:interval:interval",
             "need_share:stated_share:percent", "n:n_answers:count"],
}  # fmt: skip


def gap_style(definition: str) -> str:
    """Return how a definition of the gap is shown: ``need`` for a stated need, else ``gap``.

    Parameters
    ----------
    definition : str
        One of ``contracts.DEFINITIONS``.

    Returns
    -------
    str
        ``gap`` or ``need``.
    """
    return "need" if definition == STATED else "gap"
