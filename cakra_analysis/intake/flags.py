"""Answers that look careless: one answer throughout, or sent too fast."""

from __future__ import annotations

import pandas as pd

LEAST_ITEMS = 5  # of a grid, before one answer throughout says anything
LEAST_ROWS = 10  # with times, before a median says anything
FAST = 3  # times faster than the median

COLUMNS = ["row", "flag", "detail"]


def flag_rows(
    items: pd.DataFrame, levels: pd.DataFrame, start: pd.Series | None, end: pd.Series | None
) -> pd.DataFrame:
    """Flag rows that look careless; they stay in the data set.

    Parameters
    ----------
    items : DataFrame
        column, code, becomes: which columns form a grid.
    levels : DataFrame
        Answers as levels, by row.
    start, end : Series, optional
        When a row was begun and sent, by row.

    Returns
    -------
    DataFrame
        row, flag (``one answer throughout``, ``very fast`` or ``ends before it starts``), detail;
        by row. One answer throughout: the answers of each grid of five and more do not differ
        (their standard deviation is 0). Very fast: less than a third of the median time.

    Notes
    -----
    It is *not* a proof of carelessness: who needs everything answers so, too. Leiner, D. J. (2019),
    Too fast, too straight, too weird. Survey Research Methods 13(3). Pinned by
    ``tests/test_intake_account_more.py``.

    Examples
    --------
    >>> items = pd.DataFrame({"column": list("abcde"), "code": "K", "becomes": "need"})
    >>> levels = pd.DataFrame([[3] * 5, [1, 2, 3, 4, 5]], columns=list("abcde"), index=[2, 3])
    >>> flag_rows(items, levels, None, None).values.tolist()
    [[2, 'one answer throughout', 'level 3 in 5 answers']]
    """
    rows = _find_straight(items, levels)
    if start is not None and end is not None:
        rows += _find_fast(start, end)
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("row", ignore_index=True, kind="stable")


def _find_straight(items: pd.DataFrame, levels: pd.DataFrame) -> list[tuple[int, str, str]]:
    same = pd.Series(True, index=levels.index)
    answered = pd.Series(0, index=levels.index)
    for _, grid in items.groupby(["code", "becomes"], sort=False):
        part = levels[grid["column"].tolist()].astype("Float64")
        enough = part.count(axis=1) >= LEAST_ITEMS
        same &= ~enough | (part.max(axis=1) == part.min(axis=1)).fillna(False)
        answered += part.count(axis=1).where(enough, 0)
    found = levels.index[same.astype(bool) & (answered > 0)]
    return [(row, "one answer throughout", _describe(levels.loc[row])) for row in found]


def _describe(answers: pd.Series) -> str:
    given = answers.dropna()
    levels = ", ".join(str(int(level)) for level in sorted(given.unique()))
    return f"level {levels} in {len(given)} answers"


def _find_fast(start: pd.Series, end: pd.Series) -> list[tuple[int, str, str]]:
    seconds = (end - start).dt.total_seconds()
    median = seconds[seconds >= 0].median()
    rows = [
        (row, "ends before it starts", "mend the times or their order of day and month")
        for row in seconds.index[seconds < 0]
    ]
    if seconds.count() < LEAST_ROWS:
        return rows
    fast = seconds[(seconds >= 0) & (seconds < median / FAST)]
    return rows + [
        (row, "very fast", f"{value:.0f} seconds; the median is {median:.0f}")
        for row, value in fast.items()
    ]
