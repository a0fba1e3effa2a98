"""Exports of survey tools become a data set, by a mapping file that a person writes."""

from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.mapping import Mapping, read_mapping
from cakra_analysis.intake.survey import import_survey
from cakra_analysis.intake.write import write_import

__all__ = ["Imported", "Mapping", "import_survey", "read_mapping", "write_import"]
