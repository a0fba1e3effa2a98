"""Exports and raw tables become a data set: by a mapping file, and without numbers of persons."""

from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.mapping import read_mapping
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.persons import Disguised, disguise_tables, read_names
from cakra_analysis.intake.questions import answer_questions
from cakra_analysis.intake.recognise import Recognised, recognise
from cakra_analysis.intake.suggest import Suggestion, suggest_mapping
from cakra_analysis.intake.survey import import_survey
from cakra_analysis.intake.write import write_import, write_mapping, write_tables

__all__ = [
    "Disguised",
    "Imported",
    "Mapping",
    "Recognised",
    "Suggestion",
    "answer_questions",
    "disguise_tables",
    "import_survey",
    "read_mapping",
    "read_names",
    "recognise",
    "suggest_mapping",
    "write_import",
    "write_mapping",
    "write_tables",
]
