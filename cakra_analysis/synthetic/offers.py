"""The courses on offer next year, with what planning needs to know of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.catalogue import HELD, NEW

PLANNED = ["mode", "seats_least", "seats_most", "sessions_most", "meeting_days", "spacing_days",
           "cost_session_idr", "cost_seat_idr", "equipment"]  # fmt: skip
WHOLE = [column for column in PLANNED if column not in ("mode", "equipment")]
USUAL_STAFF = 616  # the sessions a year are meant for so many


def make_offers(held: pd.DataFrame, staff: int) -> pd.DataFrame:
    """Return what is on offer: the courses held before, and those offered for the first time.

    Parameters
    ----------
    held : DataFrame
        From ``list_held``.
    staff : int
        Staff in service; so many more or fewer sessions can be held.

    Returns
    -------
    DataFrame
        One row a course, as the table ``courses`` has it.
    """
    old = held.assign(**pd.DataFrame(HELD, index=PLANNED).T.loc[held["course_id"]].to_dict("list"))
    rows = [(*row[:7], *row[7], row[8]) for row in NEW]
    new = pd.DataFrame(rows, columns=[*held.columns, *PLANNED, "requires"])
    table = pd.concat([old, new], ignore_index=True)
    table[WHOLE] = table[WHOLE].astype("int64")
    table[["cost_session_idr", "cost_seat_idr"]] *= 1000
    more = np.ceil(table["sessions_most"] * staff / USUAL_STAFF)
    online = table["route"].isin(["e-learning", "pelatihan jarak jauh"])
    return table.assign(
        sessions_most=np.maximum(1, more).astype("int64"),
        requires=table["requires"].fillna(""),
        provider=np.where(table["kind"] == "managerial", "BPSDMD Provinsi", "BKPSDM"),
        curriculum=np.where(online, "Kurikulum LMS daerah", "Kurikulum BKPSDM"),
        funding="APBD",
    )
