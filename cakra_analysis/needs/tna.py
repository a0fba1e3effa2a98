"""The grid of TNA-T: what posts need against what people hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.order import TOLERANCE
from cakra_analysis.needs.priorities import _finish, _means


def place_tna(
    pairs: pd.DataFrame,
    *,
    scale: tuple[float, float] = (0.0, 9.0),
    limits: tuple[float, float] = (3.5, 6.5),
) -> pd.DataFrame:
    """Place competencies on the TNA-T grid: what the post needs (KKJ) against what is held (KKP).

    Parameters
    ----------
    pairs : DataFrame
        As for ``score_mwds``: ``required`` is KKJ, ``observed`` KKP.
    scale : tuple of float
        Lowest and highest answer; TNA-T uses 0-9.
    limits : tuple of float
        Where low ends and high begins, for the means; by default half-way between the classes 1-3,
        4-6 and 7-9 of TNA-T. Another scale needs its own.

    Returns
    -------
    DataFrame
        As from ``score_mwds``, ``value`` being the discrepancy DK, with ``required``, ``observed``
        and ``zone`` (missing where DK is).

    Raises
    ------
    AnalysisError
        When a value lies off the scale.

    Notes
    -----
    DK = KKJ - KKP. Zones: D no training (DK <= 0); otherwise by how many classes KKP is behind:
    A two (KKJ high, KKP low: urgent), B one, C none. The names A and D are those of the tool; the
    line between A, B and C is a *convention of this project*, since no text seen fixes it. LAN's
    Training Need Assessment Tool. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": "A", "competency_id": ["M.1", "M.2", "M.3"],
    ...                       "required": [8, 8, 5], "observed": [2, 7, 6]})
    >>> place_tna(pairs)["zone"].tolist()
    ['A', 'C', 'D']
    """
    sides = pairs[["required", "observed"]]
    if ((sides < scale[0] - TOLERANCE) | (sides > scale[1] + TOLERANCE)).any(axis=None):
        raise AnalysisError(
            f"A value lies off the scale {scale[0]:g}-{scale[1]:g}.",
            do="Give the scale of the instrument, and limits that fit it.",
        )
    means = _means(pairs)
    gap = means["required"] - means["observed"]
    needed, held = (
        np.searchsorted(np.array(limits) - TOLERANCE, means[side], side="right")
        for side in ("required", "observed")
    )
    behind = pd.Series(needed - held, index=means.index).clip(lower=0).map({0: "C", 1: "B", 2: "A"})
    zone = behind.mask(gap <= TOLERANCE, "D").where(gap.notna())
    table = _finish(means, gap, "TNA-T grid")
    sides = means[["required", "observed"]].reset_index(drop=True)
    return table.assign(**sides, zone=zone.to_numpy())
