"""Reports of one build share slow results; outside of a build nothing is kept."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.once import PLACE, once, share_work


def work(log: Path, frame: pd.DataFrame, *, times: int = 1) -> pd.DataFrame:
    with log.open("a") as file:
        file.write("x")
    if times < 0:
        raise ValueError("negative")
    return frame * times


def ask(log: Path, place: str) -> None:
    os.environ[PLACE] = place
    once(work)(log, pd.DataFrame({"a": [1.5, np.nan]}), times=2)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "build").mkdir()
    monkeypatch.setenv(PLACE, str(tmp_path / "build"))
    return tmp_path / "log"


def test_equal_arguments_work_once_and_others_anew(build: Path) -> None:
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": [2.0, 3.0]})
    first = once(work)(build, frame, times=2)
    again = once(work)(build, frame.copy(), times=2)
    pd.testing.assert_frame_equal(first, again)
    assert build.read_text() == "x"
    once(work)(build, frame.assign(b=[2.0, 4.0]), times=2)
    once(work)(build, frame, times=3)
    assert build.read_text() == "xxx"


@pytest.mark.slow
def test_processes_share_and_wait_for_each_other(build: Path) -> None:
    context = multiprocessing.get_context("spawn")
    asked = [context.Process(target=ask, args=(build, os.environ[PLACE])) for _ in range(3)]
    for process in asked:
        process.start()
    for process in asked:
        process.join()
    assert [process.exitcode for process in asked] == [0, 0, 0]
    assert build.read_text() == "x"


def test_nothing_is_kept_of_an_error_or_of_another_build(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="negative"):
            once(work)(build, pd.DataFrame(), times=-1)
    assert build.read_text() == "xx"
    for place in ("", str(build.parent / "gone")):
        monkeypatch.setenv(PLACE, place)
        once(work)(build, pd.DataFrame(), times=1)
    assert build.read_text() == "xxxx"


def test_what_a_build_shared_goes_with_it(tmp_path: Path) -> None:
    with share_work():
        place = Path(os.environ[PLACE])
        once(work)(tmp_path / "log", pd.DataFrame({"a": [1]}))
        assert place.stat().st_mode & 0o077 == 0
        assert len(list(place.iterdir())) == 2  # the result and its lock
    assert not place.exists()
    assert PLACE not in os.environ
