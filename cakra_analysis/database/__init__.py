"""A database as the place where a data set is read from and written to."""

from cakra_analysis.database.address import hide_password, is_url
from cakra_analysis.database.read import fingerprint_tables, list_others, read_database
from cakra_analysis.database.write import create_tables, write_dataset

__all__ = [
    "create_tables",
    "fingerprint_tables",
    "hide_password",
    "is_url",
    "list_others",
    "read_database",
    "write_dataset",
]
