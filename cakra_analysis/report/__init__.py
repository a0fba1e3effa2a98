"""From notebooks to pages: plan, check, run, render, publish, index."""

from cakra_analysis.report.build import build_reports
from cakra_analysis.report.make import Outcome
from cakra_analysis.report.page import Page
from cakra_analysis.report.plan import Run, read_plan
from cakra_analysis.report.read_saved import read_saved

__all__ = ["Outcome", "Page", "Run", "build_reports", "read_plan", "read_saved"]
