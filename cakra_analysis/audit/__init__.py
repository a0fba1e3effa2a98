"""What was built, read as somebody would who wants to know who is behind the figures."""

from cakra_analysis.audit.exposed import find_exposed, find_exposing
from cakra_analysis.audit.known import list_braced, read_known
from cakra_analysis.audit.release import read_records
from cakra_analysis.audit.verdict import Audit, audit_folder, audit_reports, scan_file

__all__ = [
    "Audit",
    "audit_folder",
    "audit_reports",
    "find_exposed",
    "find_exposing",
    "list_braced",
    "read_known",
    "read_records",
    "scan_file",
]
