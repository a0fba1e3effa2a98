"""The tables of an import, by the place of the person and the name of what was asked."""

from __future__ import annotations

from cakra_analysis.intake import Imported
from tests.exports.reference import fold

RATED = [("ratings", "staff_id", "level"), ("ratings", "staff_id", "need")]
RATED += [("stakeholder_answers", "stakeholder_id", side) for side in ("importance", "performance")]


def people_of(result: Imported) -> list[str]:
    """Codes of the persons, in the order of their rows."""
    tables = result.tables
    if "stakeholders" in tables:
        return list(tables["stakeholders"]["stakeholder_id"])
    return list(tables["staff"]["staff_id"])


def read_back(result: Imported) -> dict[tuple[int, str, str], int]:
    """Levels by the person's place, what was asked, and the item's name."""
    place = {code: number for number, code in enumerate(people_of(result))}
    names = dict(result.tables["competencies"][["competency_id", "name_id"]].to_numpy().tolist())
    out = {}
    for table, person, side in RATED:
        if side in result.tables.get(table, ()):
            rows = result.tables[table].dropna(subset=side)
            for who, what, level in rows[[person, "competency_id", side]].to_numpy().tolist():
                out[place[who], side, fold(names[what])] = int(level)
    for who, what, level in _answers(result):
        block, name, scale = _questions(result)[what]
        if scale != "chosen":
            out[place[who], block, fold(name)] = int(level)
    return out


def read_ticks(result: Imported) -> dict[tuple[int, str], bool]:
    """Whether a person chose an option, by the person's place and the option."""
    place = {code: number for number, code in enumerate(people_of(result))}
    asked = _questions(result)
    return {
        (place[who], asked[what][1]): level == 2
        for who, what, level in _answers(result)
        if asked[what][2] == "chosen"
    }


def _answers(result: Imported) -> list[list[object]]:
    if "answers" not in result.tables:
        return []
    return result.tables["answers"][["staff_id", "question_id", "level"]].to_numpy().tolist()


def _questions(result: Imported) -> dict[str, tuple[str, str, str]]:
    if "questions" not in result.tables:
        return {}
    columns = ["question_id", "block", "name_id", "scale_id"]
    return {q: (b, n, s) for q, b, n, s in result.tables["questions"][columns].to_numpy().tolist()}
