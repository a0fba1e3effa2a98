"""What people say beside the ratings: stakeholders, and the staff survey's other questions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.places import COMPETENCIES, UNITS

GROUPS = {"public": 0.8, "private": 0.14, "academia": 0.06}
AGES = ["17-29", "30-44", "45-59", "60+"]
# Shares in the invented population and among those who answer: the young and men answer more.
AGE_SHARES = ([0.27, 0.31, 0.26, 0.16], [0.42, 0.33, 0.19, 0.06])
SEX_SHARES = ([0.51, 0.49], [0.42, 0.58])
INHABITANTS = 66_000
IMPORTANCE = [4.0, 3.6, 4.1, 3.8, 4.6, 3.4, 3.8, 3.8, 3.7, 4.4]
PERFORMANCE = [3.6, 3.5, 3.2, 3.3, 2.8, 3.3, 3.0, 3.2, 3.9, 2.7]

LIKING = ["Sangat tidak suka|Strongly dislike", "Tidak suka|Dislike", "Netral|Neutral"]
LIKING += ["Suka|Like", "Sangat suka|Strongly like"]
HINDRANCE = ["Tidak menghambat|No barrier", "Sedikit|Small barrier", "Cukup|Moderate barrier"]
HINDRANCE += ["Besar|Large barrier", "Sangat besar|Critical barrier"]
# question, block, text in id and en, mean answer
QUESTIONS = [
    ("F.1", "learning_format", "Lokakarya", "Workshop", 4.0),
    ("F.2", "learning_format", "Seminar", "Seminar", 3.0),
    ("F.3", "learning_format", "Proyek perubahan", "Project work", 3.7),
    ("F.4", "learning_format", "E-learning mandiri", "Self-paced e-learning", 3.2),
    ("F.5", "learning_format", "Coaching", "Coaching", 3.8),
    ("F.6", "learning_format", "Bimbingan di tempat kerja", "On-the-job support", 3.9),
    ("B.1", "barrier", "Beban kerja harian", "Daily workload", 3.4),
    ("B.2", "barrier", "Tidak ada pengganti di loket", "Nobody to cover the counter", 3.1),
    ("B.3", "barrier", "Anggaran perjalanan", "Travel budget", 2.5),
    ("B.4", "barrier", "Informasi jadwal terlambat", "Short notice", 2.6),
    ("B.5", "barrier", "Jarak ke tempat pelatihan", "Distance to the venue", 2.0),
    ("B.6", "barrier", "Materi tidak sesuai tugas", "Content does not fit the job", 2.3),
]


def make_stakeholders(
    count: int, cycle: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return stakeholders, their answers and the population's margins.

    Parameters
    ----------
    count : int
        Number of respondents.
    cycle : str
        Cycle in which they answered.
    rng : Generator
        Source of randomness.

    Returns
    -------
    tuple of DataFrame
        ``stakeholders``, ``stakeholder_answers``, ``population_margins``; the mix of those who
        answered is not the population's.
    """
    kelurahan = [name.removeprefix("Kel. ") for _, _, name, kind, _ in UNITS if kind == "kelurahan"]
    true_mix = rng.dirichlet(np.full(len(kelurahan), 20.0))
    mix = rng.dirichlet(true_mix * 40)
    people = pd.DataFrame(
        {
            "stakeholder_id": [f"R{i:06d}" for i in range(1, count + 1)],
            "cycle": cycle,
            "group": rng.choice(list(GROUPS), p=list(GROUPS.values()), size=count),
            "kelurahan": rng.choice(kelurahan, p=mix, size=count),
            "sex": rng.choice(["female", "male"], p=SEX_SHARES[1], size=count),
            "age_band": rng.choice(AGES, p=AGE_SHARES[1], size=count),
        }
    )
    margins = [("kelurahan", k, s) for k, s in zip(kelurahan, true_mix, strict=True)]
    margins += [("sex", k, s) for k, s in zip(["female", "male"], SEX_SHARES[0], strict=True)]
    margins += [("age_band", k, s) for k, s in zip(AGES, AGE_SHARES[0], strict=True)]
    table = pd.DataFrame(margins, columns=["variable", "category", "population"])
    table["population"] = (table["population"] * INHABITANTS).round().astype("int64")
    return people, _opinions(people, rng), table


def _opinions(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Importance and performance, 1-5; the old are served worse online, academia is stricter."""
    shape = (len(people), len(COMPETENCIES))
    mood = 0.4 * rng.standard_normal((shape[0], 1))
    strict = 0.3 * (people["group"] == "academia").to_numpy()[:, None]
    old = 0.5 * people["age_band"].isin(["45-59", "60+"]).to_numpy()[:, None]
    digital = np.array([code in ("M.5", "T.1") for code, *_ in COMPETENCIES])
    importance = np.array(IMPORTANCE) + strict + mood + 0.7 * rng.standard_normal(shape)
    performance = (
        np.array(PERFORMANCE) - strict - old * digital + mood + 0.7 * rng.standard_normal(shape)
    )
    frame = pd.DataFrame(
        {
            "stakeholder_id": np.repeat(people["stakeholder_id"].to_numpy(), shape[1]),
            "competency_id": np.tile([c[0] for c in COMPETENCIES], shape[0]),
            "importance": _answers(importance, rng),
            "performance": _answers(performance, rng),
        }
    )
    return frame.dropna(how="all", subset=["importance", "performance"], ignore_index=True)


def _answers(mean: np.ndarray, rng: np.random.Generator) -> pd.Series:
    values = pd.Series(np.clip(np.rint(mean), 1, 5).ravel()).astype("Int64")
    return values.mask(rng.random(mean.size) < 0.04)


def make_answers(
    staff_ids: np.ndarray, cycle: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return scales, questions and the staff's answers on learning formats and barriers.

    Parameters
    ----------
    staff_ids : ndarray of str, shape (people,)
        Staff who answered.
    cycle : str
        Cycle in which they answered.
    rng : Generator
        Source of randomness.

    Returns
    -------
    tuple of DataFrame
        ``scales``, ``questions``, ``answers``.
    """
    scales = pd.DataFrame(
        [
            (name, level, *label.split("|"))
            for name, labels in (("liking", LIKING), ("hindrance", HINDRANCE))
            for level, label in enumerate(labels, start=1)
        ],
        columns=["scale_id", "level", "label_id", "label_en"],
    )
    columns = ["question_id", "block", "name_id", "name_en", "mean"]
    questions = pd.DataFrame(QUESTIONS, columns=columns)
    scale = questions["block"].map({"learning_format": "liking", "barrier": "hindrance"})
    mean = questions["mean"].to_numpy() + 1.1 * rng.standard_normal(
        (len(staff_ids), len(questions))
    )
    answers = pd.DataFrame(
        {
            "staff_id": np.repeat(staff_ids, len(questions)),
            "question_id": np.tile(questions["question_id"].to_numpy(), len(staff_ids)),
            "cycle": cycle,
            "level": _answers(mean, rng),
        }
    ).dropna(subset=["level"])
    return scales, questions.drop(columns="mean").assign(scale_id=scale), answers
