"""Whether the parts of a mapping fit each other."""

from __future__ import annotations

from pathlib import Path

from cakra_analysis.contracts import CYCLE, CYCLE_WORDS, STANDARD, Column, contracts, facts
from cakra_analysis.errors import MappingError, suggest
from cakra_analysis.intake.parts import Asked, Grid, Mapping
from cakra_analysis.intake.text import find_twin
from cakra_analysis.intake.vocabulary import known_scales

RATED = ("level", "need")
VALUED = ("importance", "performance")  # what stakeholders say of a competency
# What a survey must ask for a gap of each definition; posts and their standards are put beside it.
ASKS = {
    STANDARD: {"level"},
    "stated need": {"need"},
    "need minus mastery": {"level", "need"},
    "importance minus performance": {"level", "need"},
}


def check_mapping(path: Path, plan: Mapping) -> None:
    """Refuse a mapping whose parts contradict each other.

    Parameters
    ----------
    path : Path
        Its file, for messages.
    plan : Mapping
        What it says.

    Raises
    ------
    MappingError
        With the part.
    """
    _check_about(path, plan)
    _check_parts(path, plan)
    _check_definition(path, plan)
    _check_codes(path, plan)
    if plan.person.pseudonym and plan.person.prefix and "prefix" in plan.person.model_fields_set:
        raise MappingError(
            f"{path}: person: a pseudonym takes no prefix.", do="Take one of the two lines out."
        )
    if plan.person.pseudonym and plan.person.each_row:
        raise MappingError(
            f"{path}: person: where each row is a person there is no code to hide.",
            do="Take pseudonym = true out, or name the column of the codes.",
        )
    for grid in plan.asked:
        _check_scale(path, plan, grid, grid.spoken)
    for repeat in plan.repeats:
        for asked in repeat.asks:
            _check_scale(path, plan, asked, f'repeat "{repeat.code}"')
    if plan.unit:
        _check_texts(path, "[unit.values]", list(plan.unit.values))
    if plan.group:
        _check_texts(path, "[group.values]", list(plan.group.values))
    for choices in plan.choices:
        _check_texts(path, f'choices "{choices.code}"', list(choices.options))


def find_scale(plan: Mapping, name: str) -> dict[str, int]:
    """Return the levels of a scale of a mapping.

    Parameters
    ----------
    plan : Mapping
        Its own scales.
    name : str
        One of them, or a shipped one.

    Returns
    -------
    dict of str to int
        Level by text.
    """
    own = plan.scales.get(name)
    return own.levels if own else known_scales()[name].levels


def _check_about(path: Path, plan: Mapping) -> None:
    if not CYCLE.fullmatch(plan.cycle):
        raise MappingError(f'{path}: cycle: "{plan.cycle}".', allowed=f"It is {CYCLE_WORDS}.")
    keys = contracts()["about"].columns["key"].allowed
    for key, value in plan.about.items():
        if key not in keys:
            raise MappingError(
                f'{path}: about: there is no key "{key}".',
                allowed=f"Keys are: {', '.join(keys)}.",
                do=suggest(key, keys) or "Rename it, or take it out.",
            )
        values = facts().get(key, (value,))
        if value not in values:
            raise MappingError(
                f'{path}: about.{key}: "{value}" is not allowed.',
                allowed=f"Allowed: {'; '.join(values)}.",
                do=suggest(value.lower(), values) or "Write one of these.",
            )


def _check_parts(path: Path, plan: Mapping) -> None:
    """Either a column or another way must be named for each part, and not both."""
    person = plan.person
    pairs: list[tuple[str, str, str, object, object]] = [
        ("person", "column", "each_row = true", person.column, person.each_row)
    ]
    for grid in plan.grids:
        pairs.append((grid.spoken, "starts_with", "columns", grid.starts_with, grid.columns))
    for c in plan.choices:
        pairs.append((f'choices "{c.code}"', "column", "starts_with", c.column, c.starts_with))
    for where, one, other, first, second in pairs:
        if bool(first) == bool(second):
            raise MappingError(
                f"{path}: {where}: {'both' if first else 'neither'} {one} "
                f"{'and' if first else 'nor'} {other} {'are' if first else 'is'} there.",
                do="Write one of the two.",
            )
    if bool(plan.unit) == bool(plan.group):
        raise MappingError(
            f"{path}: {'both' if plan.unit else 'neither'} [unit] {'and' if plan.unit else 'nor'} "
            f"[group] {'are' if plan.unit else 'is'} there.",
            allowed="A survey of staff has [unit], one of stakeholders has [group].",
            do="Write one of the two; unit.root is the name of the whole.",
        )
    if not plan.asked and not plan.choices and not plan.repeats:
        raise MappingError(
            f"{path}: no column with answers is named.",
            allowed="Answers are in [[grids]], [[choices]] or [[repeats]].",
            do="Write at least one of them.",
        )


def _check_definition(path: Path, plan: Mapping) -> None:
    """The gap's definition must be one that the grids of some code can answer."""
    definition = plan.about.get("gap_definition", facts()["gap_definition"][0])
    kinds: dict[str, set[str]] = {}
    for code, becomes, _ in _list_rated(plan):
        kinds.setdefault(code, set()).add(becomes)
    asks = ASKS if plan.unit else {"importance minus performance": set(VALUED)}
    if not any(asks.get(definition, {"none"}) <= asked for asked in kinds.values()):
        have = ", ".join(f'"{code}" ({becomes})' for code, becomes, _ in _list_rated(plan))
        ways = "; ".join(f'"{d}" ({" and ".join(sorted(need))})' for d, need in asks.items())
        raise MappingError(
            f'{path}: about.gap_definition is "{definition}"; the grids are {have or "none"}.',
            allowed=f"A survey's gap, and the grids of one code that it needs: {ways}.",
            do="Write the definition that fits, or give the two grids the same code.",
        )


def _list_rated(plan: Mapping) -> list[tuple[str, str, str]]:
    """Code, what it becomes and group of every grid and scaled column of a repeated group."""
    grids: list[tuple[str, str, str]] = [(g.code, g.becomes, g.group) for g in plan.asked]
    return grids + [(r.code, asked.becomes, r.group) for r in plan.repeats for asked in r.asks]


def _check_codes(path: Path, plan: Mapping) -> None:
    """A code belongs to one grid, or to the levels and the needs of the same competencies."""
    parts = _list_rated(plan) + [(c.code, c.becomes, "") for c in plan.choices]
    for code in dict.fromkeys(code for code, _, _ in parts):
        kinds = sorted(becomes for other, becomes, _ in parts if other == code)
        if len(kinds) > 1 and kinds not in (list(RATED), list(VALUED)):
            raise MappingError(
                f'{path}: {len(kinds)} grids have the code "{code}": {", ".join(kinds)}.',
                allowed="Only one level and one need grid may share a code: they ask about the "
                "same competencies.",
                do="Give every other grid a code of its own.",
            )
        groups = sorted({group for other, _, group in parts if other == code})
        if len(groups) > 1:
            raise MappingError(
                f'{path}: the two grids with the code "{code}" have different groups: '
                f"{', '.join(groups)}.",
                do="They ask about the same competencies: give both the same `group`.",
            )
    foreign = [b for _, b, _ in parts if plan.group and b not in VALUED]
    foreign += [b for _, b, _ in parts if plan.unit and b in VALUED]
    if foreign:
        raise MappingError(
            f'{path}: "{foreign[0]}" does not go with {"[group]" if plan.group else "[unit]"}.',
            allowed="Stakeholders ([group]) say importance and performance, staff ([unit]) the "
            "rest.",
            do="Mend `becomes`, or write the other part.",
        )


def _check_scale(path: Path, plan: Mapping, grid: Grid | Asked, spoken: str) -> None:
    shipped = known_scales()
    if grid.scale not in plan.scales and grid.scale not in shipped:
        raise MappingError(
            f'{path}: {spoken}: there is no scale "{grid.scale}".',
            allowed=f"Scales are: {', '.join([*plan.scales, *shipped])}.",
            do=suggest(grid.scale, [*plan.scales, *shipped])
            or f"Write [scales.{grid.scale}.levels].",
        )
    levels = find_scale(plan, grid.scale)
    _check_texts(path, f'scale "{grid.scale}"', list(levels))
    column = _level_column(grid.becomes)
    low, high = column.low or 0, column.high or 0
    for text, level in levels.items():
        if not low <= level <= high:
            raise MappingError(
                f'{path}: scale "{grid.scale}": the level of "{text}" is {level}.',
                allowed=f'{spoken[0].upper()}{spoken[1:]} becomes "{grid.becomes}", whose levels '
                f"go from {low:g} to {high:g}.",
                do="Number the steps of the scale within this range.",
            )


def _level_column(becomes: str) -> Column:
    """The column of the contracts that the grid's levels go into."""
    if becomes in VALUED:
        return contracts()["stakeholder_answers"].columns[becomes]
    table, name = ("ratings", becomes) if becomes in RATED else ("answers", "level")
    return contracts()[table].columns[name]


def _check_texts(path: Path, where: str, texts: list[str]) -> None:
    if twin := find_twin(texts):
        raise MappingError(
            f'{path}: {where}: "{twin[0]}" and "{twin[1]}" are the same text.',
            allowed="Blanks and upper or lower case do not count.",
            do="Keep one of them.",
        )
