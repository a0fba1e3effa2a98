"""Working files for an agency's own staff: calendars, the plan table, a course history.

They hold pseudonyms, so they are written only on purpose, never as part of a report.
"""

from cakra_analysis.handover.blanks import find_blanks
from cakra_analysis.handover.calendar_file import write_calendar
from cakra_analysis.handover.entries import list_entries
from cakra_analysis.handover.folder import check_folder, read_before, write_whole
from cakra_analysis.handover.plan_book import write_plan_book
from cakra_analysis.handover.plan_table import list_classes, make_plan_table
from cakra_analysis.handover.siasn import History, list_history, read_ids, write_csv
from cakra_analysis.handover.write import read_entries, read_list, write_handover

__all__ = [
    "History",
    "check_folder",
    "find_blanks",
    "list_classes",
    "list_entries",
    "list_history",
    "make_plan_table",
    "read_before",
    "read_entries",
    "read_ids",
    "read_list",
    "write_calendar",
    "write_csv",
    "write_handover",
    "write_plan_book",
    "write_whole",
]
