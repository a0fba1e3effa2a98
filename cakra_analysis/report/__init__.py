"""From notebooks to pages: plan, check, run, render, publish, index."""

from cakra_analysis.report.build import Outcome, build_reports
from cakra_analysis.report.page import Page
from cakra_analysis.report.plan import Run, read_plan

__all__ = ["Outcome", "Page", "Run", "build_reports", "read_plan"]
