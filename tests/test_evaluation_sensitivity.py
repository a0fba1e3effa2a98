"""Sensitivity to what was not measured: published numbers and properties."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cakra_analysis.evaluation.sensitivity import bound_rosenbaum, score_evalue


def test_evalue_equals_the_formula_of_the_risk_ratio() -> None:
    """A risk ratio of 3.9 has the E-value 7.26 (VanderWeele & Ding 2017)."""
    effect = np.log(3.9) / 0.91
    assert score_evalue(effect, 0.1, 3.0)["value"].item() == pytest.approx(7.26, abs=0.005)


def test_evalue_of_an_interval_with_zero_is_one() -> None:
    assert score_evalue(0.3, -0.1, 0.7)["limit"].item() == 1
    assert score_evalue(-0.3, -0.7, 0.1)["limit"].item() == 1
    harm, help_ = score_evalue(-0.3, -0.5, -0.1), score_evalue(0.3, 0.1, 0.5)
    assert harm.values.tolist() == help_.values.tolist()


def test_without_hidden_bias_it_is_wilcoxons_test() -> None:
    gaps = np.random.default_rng(1).normal(0.4, 1, 40)
    found = bound_rosenbaum(gaps, gamma=1.0).iloc[0]
    wanted = stats.wilcoxon(gaps, alternative="greater", method="approx").pvalue
    assert found["p_low"] == found["p_high"] == pytest.approx(wanted, abs=1e-9)


def test_more_hidden_bias_never_helps() -> None:
    gaps = np.random.default_rng(2).normal(0.8, 1, 40)
    p = [bound_rosenbaum(gaps, gamma=g)["p_high"].item() for g in (1, 1.5, 2, 4)]
    assert p == sorted(p)
    found = bound_rosenbaum(gaps).iloc[0]
    assert found["value"] > 1 and found["p_high"] == pytest.approx(0.05)
    assert bound_rosenbaum(-gaps)["value"].item() == pytest.approx(found["value"])


def test_no_effect_has_no_gamma() -> None:
    gaps = np.array([1.0, -1.1, 2.0, -2.1, 3.0, -3.1])
    assert np.isnan(bound_rosenbaum(gaps)["value"].item())
    assert bound_rosenbaum(np.zeros(4))["n"].item() == 0
