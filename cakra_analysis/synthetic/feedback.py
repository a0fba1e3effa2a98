"""What is said after a course: reactions, comments, use at work, support, and the public's view."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.courses import (
    AGREEING,
    BENEFITS,
    COMMENTS,
    ELEMENTS,
    HINDERING,
    PERSONAL,
    QUESTIONS,
    SERVICE_EFFECT,
    SERVICE_KINDS,
    SERVICE_UNITS,
)
from cakra_analysis.synthetic.training import Trained

ASPECTS = {"motivation": 2.6, "confidence": 2.4, "sharing": 2.3, "application": 2.2, "result": 2.3}
# source, rater, leniency, share who answer
ASKED = [("self", "1", 0.25, 0.75), ("supervisor", "1", 0.0, 0.62), ("peer", "1", 0.1, 0.45)]
MONTHS = {"technical": 4, "managerial": 8}
FORMS, COMMENTING = 0.85, 0.45
PERIODS = [str(p) for p in pd.period_range("2025-01", "2026-10", freq="M")]
VISITORS = 11


def make_questions() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scales and questions asked after a course.

    Returns
    -------
    tuple of DataFrame
        Rows for the tables ``scales`` and ``questions``.
    """
    scales = [
        (name, level, *text.split("|"))
        for name, texts in (("agreeing", AGREEING), ("hindering", HINDERING))
        for level, text in enumerate(texts, start=1)
    ]
    scales += [("recommending", level, str(level), str(level)) for level in range(11)]
    columns = ["scale_id", "level", "label_id", "label_en"]
    names = ["question_id", "block", "name_id", "name_en", "scale_id"]
    return (
        pd.DataFrame(scales, columns=columns),
        pd.DataFrame([q[:5] for q in QUESTIONS], columns=names),
    )


def make_feedback(
    ran: list[Trained], ids: np.ndarray, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return what participants, supervisors and colleagues say of the courses.

    Parameters
    ----------
    ran : list of Trained
        From ``make_training``.
    ids : ndarray of str, shape (people,)
        Codes of the people.
    rng : Generator
        Source of randomness.

    Returns
    -------
    dict of str to DataFrame
        ``reactions``, ``comments``, ``transfer``, ``transfer_answers``, ``benefits``.
    """
    parts = [(*_forms(r, rng), *_use(r, ids, rng)) for r in ran]
    names = ("reactions", "comments", "transfer", "transfer_answers")
    tables = {
        name: pd.concat(frames, ignore_index=True)
        for name, frames in zip(names, zip(*parts, strict=True), strict=True)
    }
    columns = ["course_id", "source", "low_idr", "high_idr", "attributed", "confidence"]
    return tables | {"benefits": pd.DataFrame(BENEFITS, columns=columns)}


def _forms(ran: Trained, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reaction forms without names, numbered within the session, and their comments."""
    done = np.flatnonzero((ran.status == "completed") & (rng.random(len(ran.status)) < FORMS))
    session = rng.permutation(ran.session[done])
    order = np.argsort(session, kind="stable")
    session = session[order]
    number = np.arange(len(session)) - np.searchsorted(session, session) + 1
    codes = ran.sessions["session_id"].to_numpy()[session]
    form = np.array([f"{n:03d}" for n in number])
    mood = rng.standard_normal(len(session)) * 0.45
    mood += (0.2 * rng.standard_normal(len(ran.sessions)))[session]
    asked = [q for q in QUESTIONS if q[1] in ("reaction", "recommend")]
    answers = []
    for code, block, *_, differs in asked:
        liked = ran.course.liking + differs + mood + 0.55 * rng.standard_normal(len(session))
        scale = np.rint(liked * 2.1 - 0.6) if block == "recommend" else np.rint(liked)
        low, high = (0, 10) if block == "recommend" else (1, 5)
        answers.append(
            pd.DataFrame(
                {"session_id": codes, "respondent": form, "question_id": code}
                | {"level": pd.Series(np.clip(scale, low, high)).astype("Int64")}
            )
        )
    table = pd.concat(answers)
    table["level"] = table["level"].mask(rng.random(len(table)) < 0.03)
    keys = ["session_id", "respondent", "question_id"]
    return table.sort_values(keys, ignore_index=True), _comments(codes, form, rng)


def _comments(codes: np.ndarray, form: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    themes = list(COMMENTS)
    weight = rng.dirichlet(np.full(len(themes), 2.0))
    said = np.flatnonzero(rng.random(len(codes)) < COMMENTING)
    theme = rng.choice(len(themes), p=weight, size=len(said))
    way, tail = (
        rng.integers(3, size=len(said)),
        rng.choice(4, p=[0.04, 0.03, 0.03, 0.9], size=len(said)),
    )
    text = [COMMENTS[themes[t]][w] + PERSONAL[p] for t, w, p in zip(theme, way, tail, strict=True)]
    return pd.DataFrame({"session_id": codes[said], "respondent": form[said], "text": text})


def _use(
    ran: Trained, ids: np.ndarray, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ratings of behaviour before and after, and what helped or hindered."""
    done = np.flatnonzero(ran.status == "completed")
    names = ids[ran.person[done]]
    lack = rng.standard_normal(len(done))  # of support; it lowers use
    ready = ran.course.used - 0.3 * lack
    base = 0.35 * rng.standard_normal(len(done))
    end = pd.to_datetime(ran.sessions["end"]).to_numpy()[ran.session[done]]
    rows = []
    for source, rater, mild, share in ASKED:
        asked = rng.random(len(done)) < share
        late = rng.integers(-20, 45, len(done)) + (rng.random(len(done)) < 0.08) * -60
        day = end + (30 * MONTHS[ran.course.kind] + late).astype("timedelta64[D]")
        for aspect, mean in ASPECTS.items():
            was = mean + mild + base + 0.4 * rng.standard_normal(len(done))
            now = was + ready + 0.35 * rng.standard_normal(len(done))
            for occasion, level in (("before", was), ("after", now)):
                rows.append(
                    pd.DataFrame(
                        {"staff_id": names, "course_id": ran.course.code, "source": source}
                        | {"rater": rater, "occasion": occasion, "aspect": aspect}
                        | {"level": np.clip(np.rint(level), 1, 4).astype("int64")}
                        | {"date": pd.Series(day).dt.strftime("%Y-%m-%d")}
                    )[asked]
                )
    transfer = pd.concat(rows).sort_values(
        ["staff_id", "source", "rater", "aspect", "occasion"], ignore_index=True
    )
    return transfer, _support(ran, names, lack, rng)


def _support(
    ran: Trained, names: np.ndarray, lack: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    asked = rng.random(len(names)) < 0.7
    parts = []
    for code, block, *_, differs in QUESTIONS:
        if block not in ("support", "transfer_barrier"):
            continue
        sign, middle = (-1, 3.4) if block == "support" else (1, 2.7)
        tied = {"H.1": 0.9, "H.2": 0.1}.get(code, 0.4)
        felt = middle + differs + sign * tied * lack + 0.7 * rng.standard_normal(len(names))
        level = np.clip(np.rint(felt), 1, 5).astype("int64")
        row = {"staff_id": names, "course_id": ran.course.code, "question_id": code, "level": level}
        parts.append(pd.DataFrame(row)[asked])
    return pd.concat(parts).sort_values(["staff_id", "question_id"], ignore_index=True)


def make_service(
    units: pd.DataFrame, first_trained: dict[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the public's answers on the nine elements of service, month by month.

    Parameters
    ----------
    units : DataFrame
        unit_id, kind.
    first_trained : dict of str to str
        Month in which a unit's staff were trained in service, by unit; others never.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        The table ``service_answers``. Trained units gain from the month after on.
    """
    suits = units["kind"].isin(SERVICE_KINDS) | units["unit_id"].str.endswith(SERVICE_UNITS)
    codes = units.loc[suits, "unit_id"].to_numpy()
    shape = (len(codes), len(PERIODS))
    month = np.arange(len(PERIODS))
    starts = [first_trained.get(code, "") for code in codes]
    start = np.array([PERIODS.index(s) if s in PERIODS else len(PERIODS) for s in starts])
    after = month[None, :] - start[:, None]
    mean = 0.12 * rng.standard_normal((shape[0], 1)) + 0.004 * month
    mean = mean + 0.03 * rng.standard_normal(shape) + SERVICE_EFFECT * np.clip(after / 2, 0, 1)
    count = rng.poisson(VISITORS, size=shape).clip(min=4)
    unit, period = (np.repeat(grid.ravel(), count.ravel()) for grid in np.indices(shape))
    felt = mean[unit, period][:, None] + np.array(list(ELEMENTS.values()))
    felt = felt + 0.35 * rng.standard_normal((len(unit), 1))
    felt = felt + 0.5 * rng.standard_normal((len(unit), len(ELEMENTS)))
    levels = pd.DataFrame(np.clip(np.rint(felt), 1, 4), columns=list(ELEMENTS)).astype("Int64")
    levels = levels.mask(rng.random(levels.shape) < 0.02)
    table = pd.DataFrame(
        {
            "respondent_id": [f"K{i:06d}" for i in range(1, len(unit) + 1)],
            "unit_id": codes[unit],
            "period": np.array(PERIODS)[period],
        }
    )
    return pd.concat([table, levels], axis=1)
