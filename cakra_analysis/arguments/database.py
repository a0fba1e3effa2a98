"""The command that writes to a database."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command

URL = "for instance postgresql://ana@db.example/asn?schema=cakra, or duckdb:///asn.duckdb"


def add_database(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare db and its actions.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    actions = add_command(
        commands,
        "db",
        "write a data set, or what reports say, to a database",
        example="cakra db create postgresql://ana@db.example/asn\n"
        "cakra db load data/cakranegara duckdb:///asn.duckdb\n"
        "cakra db publish postgresql://ana@db.example/asn?schema=hasil --reports reports\n"
        "The password: PGPASSWORD, ~/.pgpass, or CAKRA_DATABASE with the whole URL.\n"
        "To read from one, give the URL where a folder would stand: cakra check URL",
    ).add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make the tables of a data set, from the contracts")
    load = actions.add_parser("load", help="add and change rows by their keys, all or none")
    load.add_argument("data", help="folder, workbook or URL to read")
    publish = actions.add_parser("publish", help="write findings and published tables of reports")
    publish.add_argument("--reports", default="reports", help="folder (%(default)s)")
    for action in (create, load, publish):
        action.add_argument("url", help=URL)
    for action in (create, load):
        told = "language of the comments on tables and columns (%(default)s)"
        action.add_argument("--lang", choices=("id", "en"), default="id", help=told)
