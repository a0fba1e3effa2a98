"""What is wanted less what is observed, person by person; "gap" has several meanings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.contracts import DEFINITIONS, STANDARD, STATED
from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.raters import PERCEPTION

PAIR = ["staff_id", "competency_id"]


def score_person_gaps(
    observed: pd.DataFrame,
    wanted: pd.DataFrame,
    staff: pd.DataFrame,
    *,
    definition: str = STANDARD,
) -> pd.DataFrame:
    """Return each person's gap in each competency: wanted minus observed level.

    Parameters
    ----------
    observed : DataFrame
        From ``combine_ratings``: staff_id, competency_id, observed, noise_variance, noise_df,
        n_ratings; basis and anchor_variance where they are known.
    wanted : DataFrame
        What is set against it, by definition. *standard minus observed*: the standards
        (position_id, competency_id, required_level). *need minus mastery* and *importance minus
        performance*: a second result of ``combine_ratings`` on the wanted side. *stated need*: not
        read; the observed value is the need itself.
    staff : DataFrame
        staff_id, unit_id, and position_id for standards.
    definition : str
        One of ``contracts.DEFINITIONS``; it stands in the result, since "gap" has several meanings.

    Returns
    -------
    DataFrame
        One row a person and competency, sorted by both: unit_id, ``required`` (missing for a stated
        need), ``observed``, ``gap`` (positive = short of what is wanted), ``noise_variance``,
        noise_df, n_ratings, gap_definition, ``basis`` (``assessed`` or ``perception``),
        ``anchor_variance`` (squared levels, of an error that all people of a competency share).
        Competencies that the post does not require are left
        out.

    Raises
    ------
    AnalysisError
        When the definition is unknown, or nothing is left to score.

    Notes
    -----
    gap = required - observed. It is *not* capped: a surplus is negative. Definitions: domain notes
    of PermenPANRB 38/2017 (standard), LAN's 2026 survey (need minus mastery), Borich (1980).
    Pinned by ``tests/test_needs_gaps.py``.

    Examples
    --------
    >>> observed = pd.DataFrame({"staff_id": ["A"], "competency_id": ["M.1"], "observed": [2.0],
    ...                          "noise_variance": [0.1], "noise_df": [9], "n_ratings": [3]})
    >>> standards = pd.DataFrame({"position_id": ["P"], "competency_id": ["M.1"],
    ...                           "required_level": [3.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A"], "unit_id": ["U"], "position_id": ["P"]})
    >>> score_person_gaps(observed, standards, staff)["gap"].tolist()
    [1.0]
    """
    if definition not in DEFINITIONS:
        allowed = f"Definitions are: {'; '.join(DEFINITIONS)}."
        raise AnalysisError(f'"{definition}" is no definition of a gap.', allowed=allowed)
    place = ["staff_id", "unit_id"] + (["position_id"] if definition == STANDARD else [])
    people = observed.merge(staff[place], on="staff_id", validate="many_to_one")
    if definition == STANDARD:
        key = ["position_id", "competency_id"]
        level = wanted[[*key, "required_level"]].rename(columns={"required_level": "required"})
        people = people.merge(level, on=key, validate="many_to_one")
    elif definition == STATED:
        people = people.assign(required=np.nan)
    else:
        level = wanted[[*PAIR, "observed", "noise_variance"]]
        level = level.rename(columns={"observed": "required", "noise_variance": "noise_wanted"})
        people = people.merge(level, on=PAIR, validate="one_to_one")
        people["noise_variance"] += people["noise_wanted"]
    if "basis" not in people:
        people = people.assign(basis=PERCEPTION, anchor_variance=0.0)
    if people.empty:
        raise AnalysisError(
            f"No person has both sides of the gap ({definition}).",
            do="Do the staff have posts, and do the posts have standards for these competencies?",
        )
    gap = people["observed"] if definition == STATED else people["required"] - people["observed"]
    people = people.assign(gap=gap, gap_definition=definition)
    columns = [*PAIR, "unit_id", "required", "observed", "gap", "noise_variance", "noise_df"]
    columns += ["n_ratings", "gap_definition", "basis", "anchor_variance"]
    return people.reindex(columns=columns).sort_values(PAIR, ignore_index=True)
