"""The command ``cakra import``: propose a mapping, or apply one."""

from __future__ import annotations

import argparse
from pathlib import Path

from cakra_analysis.errors import MappingError
from cakra_analysis.files import refuse_url
from cakra_analysis.intake import (
    Suggestion,
    import_survey,
    suggest_mapping,
    write_import,
    write_mapping,
)


def bring(options: argparse.Namespace) -> int:
    """Propose a mapping for an export, or make a data set with one.

    Parameters
    ----------
    options : Namespace
        mapping, file, to, suggest, form.

    Returns
    -------
    int
        0.

    Raises
    ------
    CakraError
        When an argument is missing, or the export cannot be read or placed.
    """
    for given in (options.mapping, options.file):
        refuse_url(given)
    if options.suggest:
        _refuse(bool(options.mapping), "With --suggest the export alone is given, and no mapping.")
        form = Path(options.form) if options.form else None
        _suggest(suggest_mapping(Path(options.file), form=form), options)
        return 0
    _refuse(not options.mapping, "There is no mapping.")
    _refuse(options.file.lower().endswith(".toml"), "The mapping comes first, then the export.")
    _refuse(not options.to, "There is no folder to write.")
    _refuse(bool(options.form), "--form goes with --suggest only.")
    result = import_survey(Path(options.mapping), Path(options.file))
    print(*result.report(), sep="\n")
    print(*write_import(result, Path(options.to)), sep="\n")
    return 0


def _refuse(wrong: bool, found: str) -> None:
    if wrong:
        raise MappingError(
            found,
            allowed="cakra import EXPORT --suggest --to MAPPING.toml proposes a mapping; "
            "cakra import MAPPING.toml EXPORT --to FOLDER applies it.",
            do="Write the command in one of these two ways.",
        )


def _suggest(made: Suggestion, options: argparse.Namespace) -> None:
    if not options.to:
        print(made.text, end="")
        return
    print(f"The file looks like: {made.name}.")
    print(*(f"  {reason}" for reason in made.reasons), sep="\n")
    for question in made.questions:
        print(f"To answer in line {question.line}: {question.said}")
    print(write_mapping(made, Path(options.to)))
    todo = "Answer the questions in it, and read" if made.questions else "Read"
    print(f"{todo} the other lines; then: cakra import {options.to} {options.file} --to FOLDER")
