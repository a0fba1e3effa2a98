"""LaLonde's job-training experiment as people and as tables of this project.

The figures come with the package causaldata (MIT): the National Supported Work demonstration in
the sample of Dehejia & Wahba (1999, JASA 94, 1053-1062), and a comparison group from the Current
Population Survey. Published results: difference 1794.34 (s.e. 632.85), adjusted 1672 (638).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

COVARIATES = ["age", "age2", "educ", "nodegree", "black", "hisp", "re74"]


def nsw_people(comparison: str = "experiment") -> pd.DataFrame:
    """One row a person: treated, before (earnings 1975), earlier (1974), after (1978), covariates.

    ``comparison`` is ``experiment`` (drawn by lot) or ``cps`` (a survey's people instead).
    """
    from causaldata import cps_mixtape, nsw_mixtape

    people = nsw_mixtape.load_pandas().data
    if comparison == "cps":
        others = cps_mixtape.load_pandas().data
        people = pd.concat([people[people["treat"] == 1], others], ignore_index=True)
    people = people.drop(columns="data_id").astype(float)
    return people.assign(
        treated=people["treat"] == 1,
        before=people["re75"],
        earlier=people["re74"],
        after=people["re78"],
        age2=people["age"] ** 2,
    )


def write_nsw(folder: Path, comparison: str) -> None:
    """Write the people as a data set that ``04_evaluation`` reads; the outcome is in dollars."""
    people = nsw_people(comparison)
    ids = [f"N{i:05d}" for i in range(1, len(people) + 1)]
    tables = {
        "about": [("key", "value"), ("name_id", f"NSW ({comparison})"),
                  ("name_en", f"NSW ({comparison})"), ("gap_definition", "stated need"),
                  ("person_word_id", "peserta"), ("person_word_en", "participants"),
                  ("source", "LaLonde (1986), Dehejia & Wahba (1999), via causaldata")],
        "units": [("unit_id", "parent_id", "name"), ("US", "", "National Supported Work")],
        "competencies": [("competency_id", "name_id", "name_en", "group"),
                         ("W", "Bekerja", "Work", "teknis")],
        "courses": [("course_id", "name_id", "name_en", "kind", "hours_jp", "score_high"),
                    ("NSW", "Pelatihan kerja NSW", "NSW job training", "technical", "0", "")],
        "sessions": [("session_id", "course_id", "cycle", "start", "end", "assignment"),
                     ("NSW-1", "NSW", "2026", "2026-01-05", "2026-03-06",
                      "lot" if comparison == "experiment" else "applied")],
    }  # fmt: skip
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in tables.items()}
    frames["staff"] = pd.DataFrame({"staff_id": ids, "unit_id": "US"})
    trained = np.array(ids)[people["treated"]]
    frames["attendance"] = pd.DataFrame(
        {"session_id": "NSW-1", "staff_id": trained, "status": "completed"}
    )
    wide = people[["earlier", "before", "after"]].set_axis(["earlier", "pre", "post"], axis=1)
    long = wide.set_axis(ids).rename_axis("staff_id").stack().rename("score").reset_index()
    long = long.rename(columns={"level_1": "occasion"})
    frames["tests"] = long.assign(course_id="NSW")[["staff_id", "course_id", "occasion", "score"]]
    traits = people[["age", "age2", "educ", "nodegree", "black", "hisp", "marr"]].set_axis(ids)
    traits = traits.rename_axis("staff_id").stack().rename("value").reset_index()
    frames["traits"] = traits.rename(columns={"level_1": "trait"})
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
