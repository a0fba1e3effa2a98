"""The command ``cakra template``."""

from __future__ import annotations

import argparse


def template(options: argparse.Namespace) -> int:
    """Write a workbook to fill in.

    Parameters
    ----------
    options : Namespace
        file, purpose, lang, force.

    Returns
    -------
    int
        0.
    """
    from cakra_analysis.console.paths import display_path, find_new, write_beside
    from cakra_analysis.template import write_template

    file = find_new(options.file, force=options.force)
    write_beside(file, write_template(options.purpose, lang=options.lang))
    shown = display_path(file)
    print(f"{shown}: a sheet a table; its first sheet tells what goes where.")
    print(f"Filled in? `cakra check {shown} --lang {options.lang}` tells what is wrong.")
    return 0
