"""A database as the place where a data set is read from and written to."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cakra_analysis.database.address import hide_password, is_url
    from cakra_analysis.database.read import fingerprint_tables, read_database
    from cakra_analysis.database.write import create_tables, write_dataset

__all__ = [
    "create_tables",
    "fingerprint_tables",
    "hide_password",
    "is_url",
    "read_database",
    "write_dataset",
]

HOMES = {"hide_password": "address", "is_url": "address"}
HOMES |= dict.fromkeys(("fingerprint_tables", "read_database"), "read")
HOMES |= dict.fromkeys(("create_tables", "write_dataset"), "write")


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: telling a URL from a folder needs no pandas."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)
