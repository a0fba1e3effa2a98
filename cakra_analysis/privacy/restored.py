"""A published table read back from what an earlier report kept beside its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy.door import publish
from cakra_analysis.privacy.published import Published
from cakra_analysis.settings import PrivacySettings


def restore(
    record: Mapping[str, Any],
    *,
    audience: str,
    settings: PrivacySettings | None = None,
    withheld: Sequence[Mapping[str, Any]] = (),
) -> Published:
    """Return a saved table as a published one; it passes the door a second time.

    Parameters
    ----------
    record : mapping
        name, audience, threshold, counts and rows, as ``Published.describe`` and ``rows`` gave
        them.
    audience : str
        For whom it is wanted.
    settings : PrivacySettings, optional
        Thresholds of today: what they hide now is hidden although it was saved.
    withheld : sequence of mapping
        Cells that may not be shown; see ``read_withheld``.

    Returns
    -------
    Published
        What was hidden when it was saved stays hidden.

    Raises
    ------
    PrivacyError
        When the table was published for another audience, or lacks what the door asks for.

    Examples
    --------
    >>> rows = [{"unit_id": "A", "value": 1.0, "n": 9, "suppressed": False},
    ...         {"unit_id": "B", "value": None, "n": None, "suppressed": True}]
    >>> record = {"name": "gaps", "audience": "internal", "threshold": 5, "counts": "n",
    ...           "rows": rows}
    >>> restore(record, audience="internal").table["suppressed"].tolist()
    [False, True]
    """
    if record["audience"] != audience:
        raise PrivacyError(
            f'The saved table "{record["name"]}" was published for the audience '
            f"{record['audience']}, not for {audience}.",
            do="Build the reports for this audience: audience in reports.toml.",
        )
    rows = pd.DataFrame(record["rows"])
    empty = [column for column in rows if rows[column].isna().all()]
    rows = rows.astype(dict.fromkeys(empty, float))
    table = rows.drop(columns="suppressed", errors="ignore")
    if rows.empty:
        hidden = table.assign(suppressed=False)
        return Published(hidden, record["name"], audience, record["threshold"], record["counts"])
    kept: dict[str, Any] = {"counts": record["counts"], "withheld": withheld}
    return publish(table, record["name"], audience=audience, settings=settings, **kept)
