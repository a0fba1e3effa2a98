"""The data dictionary, written from the contracts."""

from __future__ import annotations

from cakra_analysis.contracts import CYCLE_WORDS, Column, contracts, facts


def write_dictionary() -> str:
    """Return the data dictionary (``data/README.md``) as Markdown.

    Returns
    -------
    str
        One section a table, in English and Indonesian.
    """
    lines = [
        "# Data dictionary",
        "",
        "Made from `cakra_analysis/contracts.toml` by `cakra dictionary`; do not edit by hand.",
        "A data set is a folder of CSV or Parquet files named after the tables, or one Excel",
        "workbook with a sheet a table. Identifiers are text always; `cakra check PATH` checks it.",
        "",
        "`cakranegara/` is a synthetic region made by `cakra synthetic`; nobody in it exists.",
        "Its `truth/` folder holds what was planted, for tests.",
        "`raw/` is for real data and is ignored by git.",
    ]
    for table in contracts().values():
        need = "required" if table.required else "optional"
        lines += [
            "",
            f"## {table.name} ({need})",
            f"One row: {table.row['en']}. *{table.row['id']}.*",
        ]
        lines += ["", "| column | kind | rule | meaning | arti |", "|---|---|---|---|---|"]
        lines += [
            f"| `{c.name}` | {c.kind} | {_rule_words(c)} | {c.en} | {c.id} |"
            for c in table.columns.values()
        ]
        lines += _facts() if table.name == "about" else []
    return "\n".join(lines) + "\n"


def _facts() -> list[str]:
    """The facts with few values, and what the definition of a gap asks of the other tables."""
    lines = ["", "These facts take one of a few values, the first if the fact is left out:"]
    lines += [f"- `{k}`: {', '.join(f'`{v}`' for v in values)}" for k, values in facts().items()]
    return [
        *lines,
        "",
        "The first definition of a gap needs `positions`, `standards` and `staff.position_id`; the",
        "others need the column `need` in `ratings` instead.",
    ]


def _rule_words(column: Column) -> str:
    words = ["key"] if column.key else []
    words += ["column may be absent"] if column.optional else []
    words += ["may be blank"] if column.blank else []
    words += [f"in `{column.refers}`"] if column.refers else []
    words += ["one of " + ", ".join(f"`{a}`" for a in column.allowed)] if column.allowed else []
    words += [f"from {column.low:g}"] if column.low is not None else []
    words += [f"to {column.high:g}"] if column.high is not None else []
    words += [CYCLE_WORDS] if column.kind == "cycle" else []
    return "; ".join(words)
