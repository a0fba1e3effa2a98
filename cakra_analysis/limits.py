"""What settings can be: every rule in words, and whether it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def list_limits(settings: Any) -> dict[str, bool]:
    """Return what must hold of settings, and whether it does.

    Parameters
    ----------
    settings : Settings
        Of the right types.

    Returns
    -------
    dict of str to bool
        Rule in words, and whether it is kept.
    """
    gap, match, privacy = settings.gap, settings.job_match, settings.privacy
    categories, jp = list(gap.categories), settings.learning
    judged, public = settings.evaluation, settings.service
    small, medium = judged.smallest, judged.excluded
    sources, groups = gap.weights.values(), settings.stakeholders.weights.values()
    negative = "weights must not be negative, and one must be above 0"
    return {
        f"gap.{negative}": min(sources) >= 0 and max(sources) > 0,
        f"stakeholders.{negative}": min(groups) >= 0 and max(groups) > 0,
        "gap.false_rate must lie above 0 and be at most 0.5": 0 < gap.false_rate <= 0.5,
        "learning hours must be above 0": min(jp.least_jp, jp.most_jp_pppk) > 0,
        "gap.below_from must be above 0 and at most 5": 0 < gap.below_from <= 5,
        "gap.need_from must lie between 1 and 5": 1 <= gap.need_from <= 5,
        "gap.categories must rise, from 0 or more to 5 or less": _rise(categories),
        "gap.confidence must lie between 0.5 and 0.999": 0.5 <= gap.confidence <= 0.999,
        "job_match.filling must fall, from 100 or less to above 0": _fall(match.filling),
        "job_match.mapping must fall, from 100 or less to above 0": _fall(match.mapping),
        "check.limits must lie between 0 and 1": all(
            0 <= share <= 1 for share in settings.check.limits.values()
        ),
        "evaluation.smallest must be above 0 and below evaluation.excluded": 0 < small < medium,
        "evaluation's shares and service.trained_share must lie between 0 and 1": all(
            0 <= share <= 1
            for share in (judged.imbalance, judged.most_lost, judged.icc, public.trained_share)
        ),
        "evaluation.technical and evaluation.managerial must rise": all(
            0 <= first < last for first, last in (judged.technical, judged.managerial)
        ),
        'service.weight must be "exact" or "0.11"': public.weight in ("exact", "0.11"),
        **_of_plans(settings.design, settings.implementation),
        **_of_improvement(settings.improvement),
        **_of_control(settings.improvement.control),
        **_of_privacy(privacy),
    }


def _rise(levels: Sequence[float]) -> bool:
    return levels[0] >= 0 and levels[-1] <= 5 and all(a < b for a, b in pairwise(levels))


def _fall(percents: Sequence[float]) -> bool:
    return 100 >= percents[0] > percents[-1] > 0


def _of_plans(design: Any, held: Any) -> dict[str, bool]:
    factors, modes = list(design.overlap_factors), design.modes.values()
    feasts = (held.galungan, held.kuningan, held.saraswati, held.pagerwesi)
    days = list(held.follow_days)
    return {
        "design.budget_idr and design.step_idr must be above 0": (
            min(design.budget_idr, design.step_idr) > 0
        ),
        "design.fair must lie between 0 and 1": 0 <= design.fair <= 1,
        "design.modes must be shares that add up to 1 at most": (
            min(modes) >= 0 and sum(modes) <= 1 + 1e-9
        ),
        "design.overlap_shares must be above 0 and add up to 1": (
            min(design.overlap_shares) > 0 and abs(sum(design.overlap_shares) - 1) < 1e-9
        ),
        "design.overlap_factors must fall, from 1 or less to above 0": (
            factors[0] <= 1 and factors[-1] > 0 and all(a >= b for a, b in pairwise(factors))
        ),
        "design.courses_most and design.draws must be 1 or more": (
            min(design.courses_most, design.draws) >= 1
        ),
        "implementation.away must lie above 0 and be at most 1": 0 < held.away <= 1,
        "implementation.ramadan_jp must be above 0 and at most implementation.day_jp": (
            0 < held.ramadan_jp <= held.day_jp
        ),
        'galungan, kuningan, saraswati and pagerwesi must be "hard", "soft" or "none"': all(
            feast in ("hard", "soft", "none") for feast in feasts
        ),
        "implementation.seconds must be above 0": held.seconds > 0,
        "implementation.follow_days must be whole days that rise": (
            days[0] >= 1 and all(a < b for a, b in pairwise(days)) and all(d % 1 == 0 for d in days)
        ),
    }


def _of_improvement(learnt: Any) -> dict[str, bool]:
    weights = learnt.grades.values()
    return {
        'improvement.plan_with must be "evidence" or "claims"': (
            learnt.plan_with in ("evidence", "claims")
        ),
        "improvement.grades must lie between 0 and 1": 0 <= min(weights) <= max(weights) <= 1,
        "improvement.decay must be above 0 and at most 1": 0 < learnt.decay <= 1,
        "improvement.bias and improvement.spread must lie between 0 and 2": (
            0 <= min(learnt.bias, learnt.spread) <= max(learnt.bias, learnt.spread) <= 2
        ),
        "improvement.levels_per_sd must be 0 (worked out) or above, and at most 5": (
            0 <= learnt.levels_per_sd <= 5
        ),
        "improvement.searched must be 1 or more": learnt.searched >= 1,
    }


def _of_control(rules: Any) -> dict[str, bool]:
    whole = all(rules[name] == int(rules[name]) for name in ("sessions", "run"))
    return {
        "improvement.control: sessions must be whole and 4 or more": whole
        and rules["sessions"] >= 4,
        "improvement.control: far must be above pair, and pair 0 or more": (
            rules["far"] > rules["pair"] >= 0
        ),
        "improvement.control: run must be whole, 0 or 3 and more": (
            whole and (rules["run"] == 0 or rules["run"] >= 3)
        ),
    }


def _of_privacy(privacy: Any) -> dict[str, bool]:
    fewest = [privacy.internal, privacy.leadership, privacy.public]
    return {
        "privacy thresholds must be 3 or more": min(fewest) >= 3,
        "privacy thresholds must not fall from internal to leadership to public": (
            fewest == sorted(fewest)
        ),
        "privacy.decimals must be whole numbers from 0 to 9": all(
            0 <= n <= 9 and n == int(n) for n in privacy.decimals.values()
        ),
        "privacy.whole must be whole numbers, 1 or more": all(
            n >= 1 and n == int(n) for n in privacy.whole.values()
        ),
        "privacy.narrowest must lie between 0 and 0.5": 0 <= privacy.narrowest <= 0.5,
    }
