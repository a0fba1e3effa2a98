"""Say a finding in Indonesian or English, from a catalogue, with the language's own numbers."""

from cakra_analysis.words.catalogue import LANGUAGES, label, say
from cakra_analysis.words.numbers import write_date, write_day, write_number

__all__ = ["LANGUAGES", "label", "say", "write_date", "write_day", "write_number"]
