"""Everything about courses: who went, what tests show, what is said of it, and the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.feedback import make_feedback, make_questions, make_service
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.training_tables import find_first_trained, make_training, tell_effects


def make_programme(
    units: pd.DataFrame, people: People, ids: np.ndarray, cycle: int, rng: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Run every course and ask everybody about it.

    Parameters
    ----------
    units : DataFrame
        unit_id, kind.
    people : People
        Everybody.
    ids : ndarray of str, shape (people,)
        Their codes.
    cycle : int
        Row number of the last cycle.
    rng : Generator
        Source of randomness, not shared with other tables.

    Returns
    -------
    tuple of dict and DataFrame
        The tables of stage 4, with the rows that ``scales`` and ``questions`` need for them; and
        what each course truly did, see ``tell_effects``.
    """
    tables, ran = make_training(units, people, ids, cycle, rng)
    tables |= make_feedback(ran, ids, rng)
    tables["scales"], tables["questions"] = make_questions()
    tables["service_answers"] = make_service(units, find_first_trained(ran, units, people), rng)
    return tables, tell_effects(ran)
