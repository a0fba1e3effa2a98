"""Are planted groups of people found, and none where there are none; time and memory."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pandas as pd

from benchmarks.scale import peak_memory
from cakra_analysis.needs.segments import find_segments

SHARES = [0.4, 0.25, 0.35]


def make_gaps(x: np.ndarray) -> pd.DataFrame:
    people, items = x.shape
    width = len(str(people))
    return pd.DataFrame(
        {
            "staff_id": np.repeat([f"S{i:0{width}d}" for i in range(people)], items),
            "competency_id": np.tile([f"C{j:02d}" for j in range(items)], people),
            "gap": x.ravel(),
        }
    )


def plant(people: int, seed: int, *, items: int = 12, telling: int = 8, missing: float = 0.0):
    """Three groups; each telling competency sets them at -1, 0 and 1 sd in an order of its own.

    A general factor and three more make the competencies go together within groups.
    """
    rng = np.random.default_rng(seed)
    group = rng.choice(3, size=people, p=SHARES)
    noise = np.sqrt(1 - 0.6**2 - 0.3**2) * rng.standard_normal((people, items))
    turn = rng.standard_normal((3, items))
    turn /= np.sqrt((turn**2).sum(axis=0))
    x = 0.6 * rng.standard_normal((people, 1)) + noise
    x += 0.3 * rng.standard_normal((people, 3)) @ turn
    shift = np.zeros((3, items))
    for j in range(telling):
        shift[:, j] = rng.permutation([-1, 0, 1])
    x = x + shift[group]
    x[rng.random(x.shape) < missing] = np.nan
    return x, group


def make_cloud(people: int, seed: int, kind: str, items: int = 10) -> np.ndarray:
    """People who differ by degrees only."""
    rng = np.random.default_rng(seed)
    x = 0.6 * rng.standard_normal((people, 1)) + 0.8 * rng.standard_normal((people, items))
    if kind == "skewed":
        return np.exp(0.7 * x)
    if kind == "whole levels":
        return np.rint(1.2 * x)
    if kind == "heavy tails":
        return x / np.sqrt(rng.chisquare(4, (people, 1)) / 4)
    return x


def score(x: np.ndarray, group: np.ndarray, seed: int) -> tuple[float, int]:
    from sklearn.metrics import adjusted_rand_score

    found = find_segments(make_gaps(x), seed=seed)
    places = found.members["segment"].fillna(0).to_numpy()
    return adjusted_rand_score(group, places), found.count


def recover(seeds: int) -> list[str]:
    lines = [
        "| planted | people | mean ARI | lowest | three groups found |",
        "|---|---|---|---|---|",
    ]
    for missing in (0.0, 0.2):
        for people in (600, 2000):
            runs = [score(*plant(people, s, missing=missing), s) for s in range(seeds)]
            ari = np.array([r[0] for r in runs])
            three = np.mean([r[1] == 3 for r in runs])
            text = "eight competencies by 1 sd" + (", 20% of cells missing" if missing else "")
            lines.append(
                f"| {text} | {people} | {ari.mean():.3f} | {ari.min():.3f} | {three:.0%} |"
            )
    return lines


def find_nothing(seeds: int) -> list[str]:
    lines = ["| people who differ by degrees | 100 | 600 |", "|---|---|---|"]
    for kind in ("normal", "skewed", "whole levels", "heavy tails"):
        shares = []
        for people in (100, 600):
            ones = [
                find_segments(make_gaps(make_cloud(people, s, kind)), seed=s).count == 1
                for s in range(seeds)
            ]
            shares.append(f"{np.mean(ones):.0%}")
        lines.append(f"| {kind}: one group said | {' | '.join(shares)} |")
    return lines


def measure(people: int, items: int) -> str:
    """Time and peak memory in a process of its own."""
    code = f"from benchmarks.segments import report; report({people}, {items})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def report(people: int, items: int) -> None:
    gaps = make_gaps(plant(people, 1, items=items)[0])
    before = peak_memory()
    start = time.perf_counter()
    found = find_segments(gaps)
    seconds = time.perf_counter() - start
    print(
        f"| {people:,} x {items} | {found.count} | {seconds:.1f} "
        f"| {peak_memory():.1f} ({before:.1f}) |"
    )


def run(seeds: int = 200) -> str:
    lines = ["## Segments", "", f"{seeds} seeds each; `benchmarks/segments.py`.", ""]
    lines += [*recover(seeds), "", *find_nothing(seeds), ""]
    lines += ["| people x competencies | groups | seconds | peak GB (of it the input) |"]
    lines += ["|---|---|---|---|", measure(5_000, 25), measure(1_000_000, 12)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
