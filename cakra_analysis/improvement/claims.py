"""What the catalogue claims: one row a thing that can be known, with how unsure the claim is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError

NORMAL = 1.959964  # a 95 percent range reaches this many standard deviations to either side
THING = ["offer_id", "competency_id"]
LEAST_SD = 0.05  # levels; nobody knows an effect beforehand more exactly [I]
UNKNOWN_SD = 0.5  # levels; of a pair that the catalogue says nothing of [I]


def list_claims(
    catalogue: pd.DataFrame, courses: pd.DataFrame, evaluations: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is claimed of each thing, and which rows of the result speak of it.

    Parameters
    ----------
    catalogue : DataFrame
        course_id, competency_id, effect, low, high (levels; the ends of a 95 percent range, may be
        missing), and perhaps confirmed.
    courses : DataFrame
        course_id, and perhaps offer_id, route, mode.
    evaluations : DataFrame
        Those that count: course_id, competency_id.

    Returns
    -------
    tuple of DataFrame
        Things, one row an offer and competency, sorted: offer_id, competency_id, ``claim``, ``sd``
        (levels), ``route``, ``mode``, ``basis`` (confirmed), of the catalogue or only evaluated
        (claim 0, and very unsure). And rows, one a course and competency, sorted: course_id,
        competency_id, offer_id, ``prior``, ``prior_low``, ``prior_high`` (missing without a claim).

    Raises
    ------
    AnalysisError
        When the catalogue has a row twice, a blank effect, or one outside its range.

    Notes
    -----
    A claim without a range is taken to reach from nothing to twice itself, and none is taken to be
    surer than a standard deviation of 0.05 levels. Where several courses
    are one offer their claims are averaged: they are one claim said several times.

    Examples
    --------
    >>> catalogue = pd.DataFrame({"course_id": ["C"], "competency_id": ["K"], "effect": [0.5],
    ...                           "low": [0.3], "high": [0.7]})
    >>> none = catalogue.head(0)
    >>> things, rows = list_claims(catalogue, pd.DataFrame({"course_id": ["C"]}), none)
    >>> things[["offer_id", "claim", "sd"]].round(3).values.tolist()
    [['C', 0.5, 0.102]]
    """
    _check(catalogue)
    rows = _add_ranges(catalogue.assign(offer_id=find_offers(catalogue["course_id"], courses)))
    spoken = evaluations[["course_id", "competency_id"]].drop_duplicates()
    spoken = spoken.assign(offer_id=find_offers(spoken["course_id"], courses))
    rows = pd.concat([rows, _find_unclaimed(spoken, rows)], ignore_index=True)
    rows = rows.sort_values(["course_id", "competency_id"], ignore_index=True)
    things = rows.groupby(THING, as_index=False).agg(
        claim=("prior", "mean"), sd=("sd", "mean"), basis=("basis", "first")
    )
    things = things.fillna({"claim": 0.0, "sd": UNKNOWN_SD})
    about = courses.reindex(columns=["course_id", "route", "mode"])
    about = about.assign(offer_id=find_offers(courses["course_id"], courses))
    about = about.sort_values("course_id").groupby("offer_id")[["route", "mode"]].first()
    things = things.join(about, on="offer_id")
    return things, rows[["course_id", "competency_id", "offer_id", *PRIOR]]


PRIOR = ["prior", "prior_low", "prior_high"]


def find_offers(course_ids: pd.Series, courses: pd.DataFrame) -> pd.Series:
    """Return which offer of the catalogue each course is.

    Parameters
    ----------
    course_ids : Series
        Codes of courses.
    courses : DataFrame
        course_id, and perhaps offer_id.

    Returns
    -------
    Series
        The offer; the course itself where none is named.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": ["C-2025", "D"], "offer_id": ["C", None]})
    >>> find_offers(pd.Series(["C-2025", "D", "E"]), courses).tolist()
    ['C', 'D', 'E']
    """
    if "offer_id" not in courses:
        return course_ids.astype("object")
    named = courses.dropna(subset=["offer_id"]).drop_duplicates("course_id")
    offers = course_ids.map(named.set_index("course_id")["offer_id"]).astype("object")
    return offers.where(offers.notna(), course_ids.astype("object"))


def _add_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    effect = rows["effect"].astype(float)
    half = (rows["high"] - rows["low"]).astype(float) / 2
    half = half.fillna(effect.abs()).clip(lower=NORMAL * LEAST_SD)
    given = rows["low"].notna() & rows["high"].notna() & ((rows["high"] - rows["low"]) / 2 == half)
    return rows.assign(
        prior=effect,
        prior_low=(effect - half).where(~given, rows["low"]),
        prior_high=(effect + half).where(~given, rows["high"]),
        sd=half / NORMAL,
        basis=rows["confirmed"].fillna("no") if "confirmed" in rows else "no",
    )


def _find_unclaimed(spoken: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """What was evaluated without a claim: of the offer's courses in the catalogue, else itself."""
    claimed = pd.MultiIndex.from_frame(rows[THING])
    new = spoken[~pd.MultiIndex.from_frame(spoken[THING]).isin(claimed)]
    listed = rows[["offer_id", "course_id"]].drop_duplicates()
    other = new.merge(listed, on="offer_id", how="left", suffixes=("_held", ""))
    other["course_id"] = other["course_id"].fillna(other["course_id_held"])
    other = other.drop(columns="course_id_held").drop_duplicates()
    return other.assign(prior=np.nan, prior_low=np.nan, prior_high=np.nan, sd=np.nan, basis="none")


def _check(catalogue: pd.DataFrame) -> None:
    twice = catalogue.duplicated(["course_id", "competency_id"])
    outside = ~catalogue["effect"].between(
        catalogue["low"].fillna(catalogue["effect"]), catalogue["high"].fillna(catalogue["effect"])
    )
    blank = catalogue["effect"].isna()
    told = ((twice, "stands twice"), (blank, "is blank"), (outside, "lies outside its own range"))
    for wrong, what in told:
        if wrong.any():
            row = catalogue[wrong].iloc[0]
            raise AnalysisError(
                f"The claimed effect of {row['course_id']} on {row['competency_id']} {what}.",
                allowed="One row a course and competency, with low <= effect <= high.",
                do="Mend the table course_effects.",
            )
