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
    from cakra_analysis.words import label

    file = find_new(options.file, force=options.force)
    write_beside(file, write_template(options.purpose, lang=options.lang))
    shown = display_path(file)
    for line in ("made", "filled"):
        print(label(f"terminal.{line}", options.lang, file=shown))
    return 0
