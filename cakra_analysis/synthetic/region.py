"""The whole region: tables as the contracts want them, and the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.errors import DataError
from cakra_analysis.synthetic.actions import make_actions
from cakra_analysis.synthetic.people import People, make_people
from cakra_analysis.synthetic.places import (
    COMPETENCIES,
    POSITIONS,
    UNITS,
    make_standards,
    make_units,
)
from cakra_analysis.synthetic.planning import make_planning
from cakra_analysis.synthetic.programme import make_programme
from cakra_analysis.synthetic.raters import make_ratings
from cakra_analysis.synthetic.truth import make_truth
from cakra_analysis.synthetic.voices import make_answers, make_stakeholders
from cakra_analysis.synthetic.work import draw_target_posts, make_conversion, make_work

DEFAULT_SEED, DEFAULT_STAFF = 5271, 616
CYCLES = ["2024", "2025", "2026"]
STAKEHOLDERS = 1000
ABOUT = {
    "name_id": "Kecamatan Cakranegara",
    "name_en": "Cakranegara District",
    "population": "listed",
    "gap_definition": STANDARD,
    "source": "cakra synthetic; nobody in it exists",
    "synthetic": "yes",
}
# Published figures of Kota Mataram with their source; the last row is invented.
INDICATORS = [
    ("POP", "2024", "Penduduk Kota Mataram", "Inhabitants of Mataram", 459683, "orang",
     "Kota Mataram, 30 Juni 2024"),
    ("ASN", "2025", "ASN Kota Mataram", "Civil servants of Mataram", 5580, "orang",
     "Kota Mataram, pertengahan 2025"),
    ("IKM", "2026", "Indeks kepuasan masyarakat", "Public satisfaction index", 84.2, "0-100",
     "synthetic"),
]  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A synthetic region.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        Input tables as the contracts describe them.
    truth : mapping of str to DataFrame
        ``people``: staff_id, segment. ``levels``: staff_id, competency_id, required_level,
        true_level, expected_level (what the raters would give on average), last cycle.
        ``gaps``: unit_id, competency_id, people, true_gap, expected_gap, last cycle.
        ``effects``: course_id, planted, effect, completed; see ``tell_effects``.
    """

    tables: Mapping[str, pd.DataFrame]
    truth: Mapping[str, pd.DataFrame]


def make_region(
    seed: int = DEFAULT_SEED,
    *,
    staff: int = DEFAULT_STAFF,
    cycles: int = 3,
    weights: Mapping[str, float] | None = None,
    mistakes: bool = True,
    with_levels: bool = True,
    assessors: float = 0.0,
) -> Region:
    """Make a region of any size from a seed.

    Parameters
    ----------
    seed : int
        The same seed gives the same region.
    staff : int
        Staff in service at a time, at least 100. Up to about 2,000 the units grow; above that the
        kecamatan is repeated, each with about 2,000 staff.
    cycles : int
        Number of yearly cycles, 1-3, the last of them 2026.
    weights : mapping of str to float, optional
        Weights of the sources for the expected level; self 1, supervisor 2, peer 1 by default.
    mistakes : bool
        Whether a few cells are typed wrongly and a few rows entered twice, as in every real file.
    with_levels : bool
        Whether to return the truth person by person; it is large for a large region.
    assessors : float
        Share of those serving whom an assessor rates as well, 0-1. Nothing else changes with it.

    Returns
    -------
    Region
        Tables and truth.

    Raises
    ------
    DataError
        When staff, cycles or assessors lie outside what is allowed.

    Examples
    --------
    >>> region = make_region(1, staff=120, cycles=1)
    >>> sorted(region.tables["ratings"]["source"].unique())
    ['peer', 'self', 'supervisor']
    """
    if staff < 100 or not 1 <= cycles <= len(CYCLES):
        raise DataError(
            f"A region of {staff} staff over {cycles} cycles cannot be made.",
            allowed="It has at least 100 staff and 1 to 3 cycles.",
        )
    if not 0 <= assessors <= 1:
        raise DataError(f"Assessors cannot rate a share of {assessors}.", allowed="0 to 1.")
    rng = np.random.default_rng(seed)
    names = CYCLES[-cycles:]
    units = make_units(max(1, round(staff / (3.5 * sum(size for *_, size in UNITS)))), staff)
    people = make_people(units, cycles, rng)
    response = rng.uniform(0.75, 0.97, size=len(units))
    width = len(str(len(people.unit)))
    ids = np.char.add("S", np.char.zfill(np.arange(1, len(people.unit) + 1).astype(str), width))
    ratings = make_ratings(people, names, response, rng, assessors=assessors)
    person = pd.Categorical.from_codes(ratings.pop("person").to_numpy(), ids)
    ratings.insert(0, "staff_id", person)
    tables = _tables(units, people, ids, names, rng) | {"ratings": ratings}
    work = np.random.default_rng([seed, 1])  # of its own, so that the ratings stay as they were
    tables |= make_work(people, ids, names, work) | {"jp_conversion": make_conversion()}
    tables["staff"]["target_position_id"] = draw_target_posts(people, work)
    held, planned = np.random.default_rng([seed, 5]), np.random.default_rng([seed, 7])
    programme, effects = make_programme(units, people, ids, cycles - 1, held)
    tables = _join(tables, programme)
    tables |= make_planning(tables, units, people, ids, cycles - 1, planned)
    tables["actions"] = make_actions(tables, names)
    if mistakes:
        _plant_mistakes(tables, rng)
    truth = make_truth(units, people, ids, cycles - 1, weights or {"supervisor": 2.0}, with_levels)
    return Region(tables, truth | {"effects": effects})


def _join(
    tables: dict[str, pd.DataFrame], more: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Both sets of tables; where both have one, the rows of both."""
    both = tables.keys() & more.keys()
    return tables | more | {n: pd.concat([tables[n], more[n]], ignore_index=True) for n in both}


def _tables(
    units: pd.DataFrame,
    people: People,
    ids: np.ndarray,
    cycles: list[str],
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    serving = people.serving_in(len(cycles) - 1)
    answering = ids[serving[rng.random(len(serving)) < 0.85]]
    stakeholders, opinions, margins = make_stakeholders(STAKEHOLDERS, cycles[-1], rng)
    scales, questions, answers = make_answers(answering, cycles[-1], rng)
    indicators = ["indicator_id", "year", "name_id", "name_en", "value", "unit", "source"]
    return {
        "about": pd.DataFrame(ABOUT.items(), columns=["key", "value"]),
        "units": units.drop(columns="headcount"),
        "positions": pd.DataFrame(
            [p[:3] for p in POSITIONS], columns=["position_id", "name", "job_class"]
        ),
        "staff": _staff(units, people, ids, cycles, rng),
        "competencies": pd.DataFrame(
            COMPETENCIES, columns=["competency_id", "name_id", "name_en", "group"]
        ),
        "standards": make_standards(),
        "stakeholders": stakeholders,
        "stakeholder_answers": opinions,
        "population_margins": margins,
        "regional_indicators": pd.DataFrame(INDICATORS, columns=indicators),
        "scales": scales,
        "questions": questions,
        "answers": answers,
    }


def _staff(
    units: pd.DataFrame,
    people: People,
    ids: np.ndarray,
    cycles: list[str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    names = np.array([*cycles, ""])
    last = np.where(people.last == len(cycles) - 1, len(cycles), people.last)
    leads = np.array([not p[2].startswith(("JF", "Pelaksana")) for p in POSITIONS])[people.post]
    status = np.where(leads | (rng.random(len(ids)) < 0.75), "PNS", "PPPK")
    columns = {
        "staff_id": ids,
        "unit_id": units["unit_id"].to_numpy()[people.unit],
        "position_id": np.array([p[0] for p in POSITIONS])[people.post],
        "status": status,
        "sex": rng.choice(["female", "male"], size=len(ids)),
        "first_cycle": names[np.where(people.first == 0, len(cycles), people.first)],
        "last_cycle": names[last],
    }
    return pd.DataFrame(columns)


def _plant_mistakes(tables: dict[str, pd.DataFrame], rng: np.random.Generator) -> None:
    """Type a few cells wrongly and enter a few rows twice, as happens in every real file."""
    for name, column in (("ratings", "level"), ("stakeholder_answers", "importance")):
        table = tables[name]
        rows = np.sort(rng.choice(len(table), size=8, replace=False))
        table.loc[rows[:5], column] = pd.array([6, 7, 8, 9, 44], dtype=table[column].dtype)
        tables[name] = pd.concat([table, table.iloc[rows[5:]]], ignore_index=True)


def write_region(region: Region, folder: str | Path, *, kind: str = "csv") -> list[Path]:
    """Write the tables, and the truth in a folder ``truth`` below.

    Parameters
    ----------
    region : Region
        What ``make_region`` returned.
    folder : str or Path
        Where to write; made if it is not there.
    kind : str
        ``csv`` or ``parquet``.

    Returns
    -------
    list of Path
        The files written.
    """
    folder = Path(folder)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    tables = {folder / f"{n}.{kind}": t for n, t in region.tables.items()}
    tables |= {
        folder / "truth" / f"{n}.{kind}": t for n, t in region.truth.items() if n != "levels"
    }
    for file, table in tables.items():
        if kind == "csv":
            table.to_csv(file, index=False, lineterminator="\n", float_format="%.6g")
        else:
            table.to_parquet(file, index=False)
    return list(tables)
