"""In which group who answered is: the lines of a proposed mapping on units and stakeholders."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.intake.suggest_choices import LEAST_OFTEN
from cakra_analysis.intake.suggest_draft import LOW, MIDDLE, ask_line, is_personal, write_line
from cakra_analysis.intake.suggest_fields import Field
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.xlsform import Form

MOST_UNITS = 60
PER_UNIT = 1.5  # rows of a group on average, before its column can be one of groups
ALIKE = 90  # of 100: two names of units that may be one
GROUPS = {
    "public": ("masyarakat", "warga", "public", "citizen", "publik", "umum"),
    "private": (
        "swasta",
        "pelaku usaha",
        "pengusaha",
        "dunia usaha",
        "private",
        "business",
        "umkm",
    ),
    "academia": ("akademisi", "perguruan tinggi", "dosen", "academia", "academic", "mahasiswa"),
}


def suggest_unit(
    texts: pd.DataFrame, fields: dict[str, Field], free: list[str], form: Form
) -> tuple[str, list[str]]:
    """Propose the groups to report by.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.
    free : list of str
        Columns that are neither answers nor the person.
    form : Form
        Labels of the groups' codes, empty where there is no form.

    Returns
    -------
    tuple of str and list of str
        The column, empty where there is none or a person must say which; and the lines.
    """
    able = [c for c in free if _can_group(texts[c]) and fields[c].name not in ("time", "meta")]
    named = [c for c in free if fields[c].name == "unit" and fields[c].trust != LOW]
    root = write_line("root", "Semua responden", "name of the whole; choose another if you like")
    if len(named) == 1:
        column, field = named[0], fields[named[0]]
        lines = ["[unit]", write_line("column", column, field.reason, field.trust), root]
        lines.append(write_line("other", "Unit lain", "where other answers and blanks go"))
        codes = form.options.get(form.one.get(column.split("/")[-1], ""), {})
        return column, lines + _list_values(texts[column], codes)
    if not able and not named:
        return "", ["[unit]", "# No column of groups was found; everybody is in one.", root]
    order = {"unit": 0, "job_class": 1, "position": 2}
    asked = sorted(dict.fromkeys([*named, *able]), key=lambda c: order.get(fields[c].name, 3))
    said = "the groups to report by; each answer becomes a group ('' for none)"
    return "", ["[unit]", ask_line("column", [*asked[:8], ""], said), root]


def _can_group(answers: pd.Series) -> bool:
    given = answers.dropna()
    return 2 <= given.nunique() <= min(MOST_UNITS, len(given) / PER_UNIT)


def _list_values(answers: pd.Series, labels: dict[str, str]) -> list[str]:
    """The groups as they are spelt; those that may be one and the same are said."""
    from rapidfuzz import fuzz

    given = answers.dropna().groupby(answers.dropna().map(fold))
    spelt, often = given.agg(lambda s: s.mode().iloc[0]), given.size() >= LEAST_OFTEN
    known = {name for key, name in spelt.items() if often[key] or name in labels}
    shown = [name for name in sorted(known) if not is_personal(name)][:MOST_UNITS]
    lines = ["# Answer = group; write the same group beside spellings of the same unit."]
    lines += _say_hidden(len(spelt) - len(shown))
    lines.append("[unit.values]")
    for place, name in enumerate(shown):
        near = [o for o in shown[:place] if fuzz.ratio(fold(o), fold(name)) >= ALIKE]
        lines.append(
            write_line(name, labels.get(name, name), f'the same as "{near[0]}"?' if near else "")
        )
    return lines if shown else lines[:-1]


def _say_hidden(number: int) -> list[str]:
    said = "as they may name persons, are given once, or are too many"
    return [f"# {number} answers are not shown, {said}."] if number else []


def suggest_group(texts: pd.DataFrame, fields: dict[str, Field]) -> tuple[str, list[str]]:
    """Propose the stakeholders' groups, where stakeholders answered.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.

    Returns
    -------
    tuple of str and list of str
        The column, empty where there is none; and the lines.
    """
    for column in texts:
        answers = texts[column].dropna()
        folded = answers.map(fold)
        values, often = dict(zip(folded, answers, strict=True)), folded.value_counts()
        found = {text: _name_group(key) for key, text in values.items()}
        known = [group for group in found.values() if group]
        if len(values) <= 12 and len(set(known)) >= 2 and fields[column].name in ("group", ""):
            lines = ["[group]", write_line("column", column, "its answers name the groups", MIDDLE)]
            once = {text for key, text in values.items() if often[key] < LEAST_OFTEN}
            shown = {
                text: group
                for text, group in found.items()
                if not is_personal(text) and (group or text not in once)
            }
            lines += _say_hidden(len(found) - len(shown))
            lines.append("[group.values]")
            for text, group in shown.items():
                lines.append(
                    write_line(text, group)
                    if group
                    else ask_line(text, GROUPS, "which group is it?")
                )
            return column, lines
    return "", []


def _name_group(text: str) -> str:
    return next((g for g, words in GROUPS.items() if any(w in text for w in words)), "")
