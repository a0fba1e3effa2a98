"""The command ``cakra db``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cakra_analysis.console.paths import count
from cakra_analysis.database import create_tables, hide_password, write_dataset
from cakra_analysis.files import refuse_url


def database(options: argparse.Namespace) -> int:
    """Make the tables of a data set in a database, write a data set or what reports say.

    Parameters
    ----------
    options : Namespace
        action, url; lang, data or reports.

    Returns
    -------
    int
        0, or 1 when rows of the data set were set aside and not written.
    """
    url = hide_password(options.url)
    if options.action == "create":
        print(f"{count(len(create_tables(url, lang=options.lang)), 'table')} in {url}")
        return 0
    if options.action == "publish":
        from cakra_analysis.report.long_tables import write_reports

        refuse_url(options.reports)
        _print_changes(write_reports(Path(options.reports), url))
        return 0
    from cakra_analysis.load import load

    dataset = load(options.data)
    _print_changes(write_dataset(dataset, url, lang=options.lang))
    if dataset.set_aside:
        aside = count(dataset.set_aside, "row")
        print(f"{aside} set aside and not written; see: cakra check {dataset.path}")
    return 1 if dataset.set_aside else 0


def _print_changes(changed: dict[str, int]) -> None:
    for name, rows in changed.items():
        print(f"{name:<24} {rows:>9,} added or changed")
