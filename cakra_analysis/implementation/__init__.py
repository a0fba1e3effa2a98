"""Stage 3: a timetable, whether it reached people, and their support to apply what they learnt."""

from cakra_analysis.implementation.activities import list_activities
from cakra_analysis.implementation.calendar import list_days, near_estimated
from cakra_analysis.implementation.called import list_called
from cakra_analysis.implementation.cost import compare_cost
from cakra_analysis.implementation.delivery import Delivery, count_delivery
from cakra_analysis.implementation.delivery_findings import (
    find_compliance,
    find_cost,
    find_delivery,
    find_points,
    find_unreached,
)
from cakra_analysis.implementation.ledger import keep_ledger, score_compliance
from cakra_analysis.implementation.mentoring import assign_mentors
from cakra_analysis.implementation.pawukon import list_pawukon
from cakra_analysis.implementation.points import score_points, score_unit_points
from cakra_analysis.implementation.points_rules import PointsRules, read_points
from cakra_analysis.implementation.replan import Replan, replan_timetable
from cakra_analysis.implementation.schedule_tables import find_data_day, list_closed, list_schedule
from cakra_analysis.implementation.support import Support, list_overdue, plan_support
from cakra_analysis.implementation.support_findings import (
    find_action_plans,
    find_mentors,
    find_overdue,
)
from cakra_analysis.implementation.support_steps import mark_steps, move_to_open
from cakra_analysis.implementation.support_summary import SupportSummary, summarise_support
from cakra_analysis.implementation.time_notes import find_load, find_time_caveats, find_time_steps
from cakra_analysis.implementation.timetable import Timetable, plan_timetable
from cakra_analysis.implementation.timetable_findings import (
    find_calendar,
    find_placed,
    find_replanned,
)
from cakra_analysis.implementation.timetable_inputs import TimetablePoints
from cakra_analysis.implementation.timetable_tables import count_load, list_gantt, list_loads
from cakra_analysis.implementation.unreached import score_unreached

__all__ = [
    "Delivery",
    "PointsRules",
    "Replan",
    "Support",
    "SupportSummary",
    "Timetable",
    "TimetablePoints",
    "assign_mentors",
    "compare_cost",
    "count_delivery",
    "count_load",
    "find_action_plans",
    "find_calendar",
    "find_compliance",
    "find_cost",
    "find_data_day",
    "find_delivery",
    "find_load",
    "find_mentors",
    "find_overdue",
    "find_placed",
    "find_points",
    "find_replanned",
    "find_time_caveats",
    "find_time_steps",
    "find_unreached",
    "keep_ledger",
    "list_activities",
    "list_called",
    "list_closed",
    "list_days",
    "list_gantt",
    "list_loads",
    "list_overdue",
    "list_pawukon",
    "list_schedule",
    "mark_steps",
    "move_to_open",
    "near_estimated",
    "plan_support",
    "plan_timetable",
    "read_points",
    "replan_timetable",
    "score_compliance",
    "score_points",
    "score_unit_points",
    "score_unreached",
    "summarise_support",
]
