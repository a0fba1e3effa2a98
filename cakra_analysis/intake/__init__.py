"""Exports and raw tables become a data set: by a mapping file, and without numbers of persons."""

from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.mapping import Mapping, read_mapping
from cakra_analysis.intake.persons import Disguised, disguise_tables, read_names
from cakra_analysis.intake.survey import import_survey
from cakra_analysis.intake.write import write_import, write_tables

__all__ = [
    "Disguised",
    "Imported",
    "Mapping",
    "disguise_tables",
    "import_survey",
    "read_mapping",
    "read_names",
    "write_import",
    "write_tables",
]
