"""A workbook to fill in by hand: a sheet a table, made from the contracts."""

from cakra_analysis.template.book import write_template
from cakra_analysis.template.purposes import list_purposes

__all__ = ["list_purposes", "write_template"]
