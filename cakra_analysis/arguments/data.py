"""Commands that make, check and bring in data."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command, read_whole


def add_data(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare check, synthetic, import and dictionary.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    check = add_command(
        commands,
        "check",
        "check a data set and list its problems",
        example="cakra check data/cakranegara\ncakra check postgresql://ana@db/asn --lang id",
    )
    check.add_argument("path", help="folder, workbook or URL of a database")
    check.add_argument("--lang", choices=("id", "en"), default="en", help="language (%(default)s)")
    check.add_argument("--to", default="", help="CSV file for all problems")

    make = add_command(
        commands,
        "synthetic",
        "make a region that does not exist",
        example="cakra synthetic --to data/cakranegara\n"
        "cakra synthetic --staff 1000000 --kind parquet --to /tmp/large",
    )
    make.add_argument("--to", required=True, help="folder to write")
    make.add_argument("--staff", type=read_whole, help="number of staff (616)")
    make.add_argument("--seed", type=read_whole, help="seed (5271)")
    make.add_argument("--cycles", type=read_whole, default=3, help="yearly cycles (%(default)s)")
    make.add_argument("--kind", choices=("csv", "parquet"), default="csv", help="(%(default)s)")

    bring = add_command(
        commands,
        "import",
        "turn a survey export into a data set",
        example="cakra import docs/examples/sib-2026/mapping.toml survey.xlsx --to data/raw/sib",
    )
    bring.add_argument("mapping", help="TOML file that says which column is which")
    bring.add_argument("file", help="the export: .xlsx or .csv")
    bring.add_argument("--to", required=True, help="folder to write")

    add_command(
        commands,
        "dictionary",
        "print the data dictionary (Markdown)",
        example="cakra dictionary > data/README.md",
    )


def add_persons(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare pseudonymise and key.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    hide = add_command(
        commands,
        "pseudonymise",
        "replace the NIPs of raw tables, mask comments",
        example="cakra pseudonymise data/raw/2026.xlsx --to data/raw/2026\n"
        "cakra pseudonymise data/raw/2026.xlsx --names data/raw/trainers.txt --to data/raw/2026",
    )
    hide.add_argument("data", help="raw tables: folder or workbook")
    hide.add_argument("--names", default="", help="file of names to mask in comments, one a line")
    hide.add_argument("--to", required=True, help="folder to write; new or empty")

    key = add_command(
        commands,
        "key",
        "make the secret key behind the pseudonyms, once",
        example="cakra key\ncakra key --to ~/keys/cakra",
    )
    key.add_argument("--to", default="", help="file (CAKRA_KEY_FILE or ~/.config/cakra/key)")
