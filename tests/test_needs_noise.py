"""Rating noise taken out of counts and cut-offs; the worked example of docs/methods.md."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.needs.noise import correct_noise, expect_shortfall, score_chance


def people(gaps: list[float], noise: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit_id": "U", "competency_id": "M.1", "gap": gaps, "noise_variance": noise}
    )


def test_the_worked_example() -> None:
    corrected = correct_noise(people([0.1, 0.3, 0.6, 0.6], 0.04))
    assert corrected["gap"].var() == pytest.approx(0.06)
    assert corrected["likely"].tolist() == pytest.approx([0.3, 0.3667, 0.4667, 0.4667], abs=1e-4)
    assert corrected["likely_variance"].tolist() == pytest.approx([0.04 / 3] * 4)
    chance, _ = score_chance(corrected, 0.5)
    assert chance.tolist() == pytest.approx([0.042, 0.124, 0.386, 0.386], abs=2e-3)


def test_without_known_noise_people_are_simply_counted() -> None:
    corrected = correct_noise(people([0.1, 0.5, 0.9], np.nan))
    assert corrected["likely"].tolist() == pytest.approx([0.1, 0.5, 0.9])
    assert score_chance(corrected, 0.5)[0].tolist() == [0, 1, 1]
    assert expect_shortfall(correct_noise(people([-1.0, 0.5], np.nan))).tolist() == [0, 0.5]


def test_all_noise_leaves_the_mean() -> None:
    corrected = correct_noise(people([0.0, 0.4, 0.8], 5.0))
    assert corrected["likely"].tolist() == pytest.approx([0.4] * 3)
    assert corrected["drawn_variance"].tolist() == pytest.approx([5.0] * 3)


def test_share_and_shortfall_of_many_are_the_truths() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(0.2, 0.6, 20_000)
    seen = people(list(truth + rng.normal(0, 0.5, truth.size)), 0.25)
    corrected = correct_noise(seen)
    share = (truth >= 0.5).mean()
    assert score_chance(corrected, 0.5)[0].mean() == pytest.approx(share, abs=0.01)
    assert abs((seen["gap"] >= 0.5).mean() - share) > 0.03
    short = np.maximum(truth, 0).mean()
    assert expect_shortfall(corrected).mean() == pytest.approx(short, abs=0.01)
    assert np.maximum(seen["gap"], 0).mean() > short + 0.05
