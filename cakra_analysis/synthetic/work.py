"""What goes with gaps at work: appraisals, causes, learning done, and the post aimed at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.contracts import list_allowed
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import COMPETENCIES, POSITIONS

PREDICATES = list_allowed("performance", "predicate")
PREDICATE_LIMITS = [-2.0, -1.35, -0.65, 0.75]  # of what a person shows at work, in levels
APPRAISED, EXPLAINED, AIMING = 0.94, 0.6, 0.12
CAUSES = list_allowed("causes", "cause")
# Share of each planted cause, by competency; the usual ones where nothing is said.
USUAL = [0.62, 0.08, 0.14, 0.08, 0.08]
PLANTED = {
    "T.1": [0.52, 0.36, 0.06, 0.02, 0.04],
    "M.5": [0.46, 0.08, 0.16, 0.04, 0.26],
    "M.4": [0.30, 0.06, 0.22, 0.38, 0.04],
}
# Post -> the next one of a career.
NEXT_POST = {
    "STAF": "KASI", "KASI": "KABID", "SEKLUR": "LURAH", "LURAH": "SEKCAM", "SEKCAM": "CAMAT",
    "KABID": "KADIS", "GURU2": "GURU3", "GURU3": "KASEK", "PRANATA": "ANALIS", "PENATA": "ANALIS",
    "PERAWAT": "NERS", "NERS": "BIDAN", "BIDAN": "KASI", "ANALIS": "KABID",
}  # fmt: skip
SLIDES, APP = "LAN, konversi JP (edaran 2022)", "tabel kategori aplikasi daerah (2021)"
# route, unit, national JP, source, confirmed. Routes counted by their programme have 1 JP a unit.
CONVERSION = [
    ("pelatihan", "JP program", 1.0, SLIDES, "yes"),
    ("seminar/konferensi/sarasehan", "hari", 4.0, SLIDES, "yes"),
    ("workshop/lokakarya", "hari", 5.0, SLIDES, "yes"),
    ("kursus", "JP program", 1.0, "pengetahuan umum", "no"),
    ("bimbingan teknis", "hari", 5.0, "pengetahuan umum", "no"),
    ("coaching", "kali", 2.0, SLIDES, "yes"),
    ("mentoring", "kali", 2.0, SLIDES, "yes"),
    ("e-learning", "kegiatan", 3.0, APP, "no"),
    ("pelatihan jarak jauh", "hari", 4.0, APP, "no"),
    ("detasering", "kegiatan", 20.0, APP, "no"),
    ("pembelajaran alam terbuka", "hari", 4.0, APP, "no"),
    ("patok banding", "kegiatan", 10.0, APP, "no"),
    ("pertukaran PNS dengan swasta", "kegiatan", 20.0, APP, "no"),
    ("belajar mandiri", "kegiatan", 2.0, APP, "no"),
    ("komunitas belajar", "kegiatan", 2.0, APP, "no"),
    ("magang/praktik kerja", "kegiatan", 20.0, APP, "no"),
]
# How often each of the routes is taken, and how many units of it at most.
TAKEN = {"pelatihan": (0.12, 30), "seminar/konferensi/sarasehan": (0.25, 2),
         "workshop/lokakarya": (0.22, 3), "bimbingan teknis": (0.12, 3), "coaching": (0.07, 4),
         "e-learning": (0.15, 2), "belajar mandiri": (0.04, 1),
         "komunitas belajar": (0.03, 2)}  # fmt: skip


def make_conversion() -> pd.DataFrame:
    """Return how many learning hours a unit of each route is worth.

    Returns
    -------
    DataFrame
        route, unit, hours_jp, source, confirmed ("no" where the figure is disputed).
    """
    columns = ["route", "unit", "hours_jp", "source", "confirmed"]
    return pd.DataFrame(CONVERSION, columns=columns)


def make_work(
    people: People, ids: np.ndarray, cycles: list[str], rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return appraisals, causes and learning records of the last cycle, and every cycle's form.

    Parameters
    ----------
    people : People
        Everybody.
    ids : ndarray of str, shape (people,)
        Their codes.
    cycles : list of str
        Names of the cycles.
    rng : Generator
        Source of randomness, not shared with the ratings.

    Returns
    -------
    dict of str to DataFrame
        ``performance``, ``causes``, ``learning_records``. Who has larger gaps performs worse on
        average; who lacks half a level or more may have a cause told.
    """
    cycle = len(cycles) - 1
    serving = people.serving_in(cycle)
    gap = people.required[serving] - people.level_in(cycle)[serving]
    names = ids[serving]
    return {
        "performance": _performance(names, gap, cycles[-1], rng),
        "causes": _causes(names, gap, cycles[-1], rng),
        "learning_records": _records(names, cycles[-1], rng),
        "instruments": _instruments(cycles),
    }


def _instruments(cycles: list[str]) -> pd.DataFrame:
    note = "skala tingkat dan indikator perilaku tidak berubah"
    one = {"version": "1", "comparable": "same", "slope": np.nan, "shift": np.nan, "note": note}
    return pd.DataFrame({"cycle": cycles, **one})


def draw_target_posts(people: People, rng: np.random.Generator) -> np.ndarray:
    """Return the post each person aims at, an empty text for most.

    Parameters
    ----------
    people : People
        Everybody.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of str, shape (people,)
        Codes of posts.
    """
    following = np.array([NEXT_POST.get(code, "") for code, *_ in POSITIONS])
    aims = rng.random(len(people.post)) < AIMING
    return np.where(aims, following[people.post], "")


def _performance(
    names: np.ndarray, gap: np.ndarray, cycle: str, rng: np.random.Generator
) -> pd.DataFrame:
    shown = 0.4 - 1.2 * gap.mean(axis=1) + 0.45 * rng.standard_normal(len(names))
    predicate = np.array(PREDICATES)[np.searchsorted(PREDICATE_LIMITS, shown)]
    target = np.where(rng.random(len(names)) < 0.1, PREDICATES[-1], PREDICATES[-2])
    table = pd.DataFrame(
        {"staff_id": names, "cycle": cycle, "predicate": predicate, "target": target}
    )
    return table[rng.random(len(names)) < APPRAISED].reset_index(drop=True)


def _causes(
    names: np.ndarray, gap: np.ndarray, cycle: str, rng: np.random.Generator
) -> pd.DataFrame:
    """One cause of a gap of half a level or more, and a second one in a fifth of them."""
    person, item = np.nonzero((gap >= 0.5) & (rng.random(gap.shape) < EXPLAINED))
    codes = np.array([code for code, *_ in COMPETENCIES])
    limits = np.cumsum([PLANTED.get(code, USUAL) for code in codes], axis=1)
    drawn = [
        (rng.random((len(item), 1)) > limits[item]).sum(axis=1).clip(max=len(CAUSES) - 1)
        for _ in range(2)
    ]
    second = (rng.random(len(item)) < 0.2) & (drawn[0] != drawn[1])
    table = pd.DataFrame(
        {
            "staff_id": np.append(names[person], names[person][second]),
            "competency_id": np.append(codes[item], codes[item][second]),
            "cycle": cycle,
            "cause": np.array(CAUSES)[np.append(drawn[0], drawn[1][second])],
        }
    )
    return table.sort_values(["staff_id", "competency_id", "cause"], ignore_index=True)


def _records(names: np.ndarray, cycle: str, rng: np.random.Generator) -> pd.DataFrame:
    count = rng.poisson(2.1, size=len(names))
    person = np.repeat(names, count)
    routes, shares = list(TAKEN), np.array([share for share, _ in TAKEN.values()])
    route = rng.choice(len(routes), p=shares, size=len(person))
    most = np.array([most for _, most in TAKEN.values()])[route]
    quantity = 1 + np.floor(rng.random(len(person)) * most).astype("int64")
    order = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count) + 1
    return pd.DataFrame(
        {
            "staff_id": person,
            "record": order.astype(str),
            "cycle": cycle,
            "route": np.array(routes)[route],
            "quantity": quantity,
        }
    )
