"""The sections of ``settings.toml``, each with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SOURCES = ("self", "supervisor", "peer", "subordinate", "assessor")
GROUPS = ("public", "private", "academia")
AUDIENCES = ("internal", "leadership", "public")


@dataclass(frozen=True)
class GapSettings:
    """How a gap is scored; see ``settings.toml`` for the source of each default."""

    weights: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(SOURCES, (1.0, 2.0, 1.0, 1.0, 3.0), strict=True))
    )
    below_from: float = 0.5
    need_from: float = 4.0
    categories: tuple[float, ...] = (0.0, 1.0, 2.0)
    confidence: float = 0.95
    false_rate: float = 0.05


@dataclass(frozen=True)
class StakeholderSettings:
    """How much each group's view counts."""

    weights: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(GROUPS, 1.0))


@dataclass(frozen=True)
class LearningSettings:
    """Learning hours (JP) a year: fewest for PNS, most for PPPK."""

    least_jp: float = 20.0
    most_jp_pppk: float = 24.0


@dataclass(frozen=True)
class JobMatchSettings:
    """How the job-person match (JPM) is scored, in percent."""

    cap: bool = True
    filling: tuple[float, ...] = (80.0, 68.0)
    mapping: tuple[float, ...] = (90.0, 78.0)


@dataclass(frozen=True)
class PrivacySettings:
    """The fewest people behind a shown figure, and how exact it may be, by audience.

    ``decimals`` a figure keeps, the multiple (``whole``) that counts of people are rounded to, and
    the ``narrowest`` bracket, as a share of the scale, that may be worked out for a hidden figure.
    """

    internal: int = 5
    leadership: int = 5
    public: int = 10
    decimals: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(AUDIENCES, (4.0, 3.0, 2.0), strict=True))
    )
    whole: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(AUDIENCES, (1.0, 1.0, 5.0), strict=True))
    )
    narrowest: float = 0.1


@dataclass(frozen=True)
class CheckSettings:
    """When data counts as fit to use, as shares (0-1).

    ``least`` of the staff rated, most rows set ``aside``, most forms with one answer throughout.
    """

    limits: Mapping[str, float] = field(
        default_factory=lambda: {"least": 0.6, "aside": 0.01, "straight": 0.05}
    )


@dataclass(frozen=True)
class EvaluationSettings:
    """When a course counts as working, in standard deviations and shares; see ``settings.toml``."""

    smallest: float = 0.2
    excluded: float = 0.5
    imbalance: float = 0.1
    most_lost: float = 0.3
    fewest_rated: int = 10
    technical: tuple[float, ...] = (3.0, 12.0)
    icc: float = 0.05
    managerial: tuple[float, ...] = (6.0, 12.0)


@dataclass(frozen=True)
class ServiceSettings:
    """How the public satisfaction index (IKM) is computed and when a unit counts as trained."""

    weight: str = "exact"
    trained_share: float = 0.3


@dataclass(frozen=True)
class DesignSettings:
    """What a programme may cost and must keep to; see ``settings.toml`` for each default.

    ``draws``: how many times the effects are drawn to see how robust a programme is.

    ``fair`` and ``modes`` are shares (0-1); of a group's gap the first of ``overlap_shares`` closes
    with the first of ``overlap_factors``, and so on.
    """

    budget_idr: float = 450e6
    step_idr: float = 50e6
    fair: float = 0.5
    modes: Mapping[str, float] = field(
        default_factory=lambda: {"experience": 0.2, "social": 0.1, "formal": 0.0}
    )
    overlap_shares: tuple[float, ...] = (0.5, 0.3, 0.2)
    overlap_factors: tuple[float, ...] = (1.0, 0.5, 0.25)
    courses_most: int = 4
    draws: int = 12


@dataclass(frozen=True)
class ImprovementSettings:
    """How evidence counts in the next plan; see ``settings.toml`` for each default.

    ``plan_with`` is ``evidence`` or ``claims``; ``grades`` and ``decay`` are weights (0-1);
    ``bias`` and ``spread`` are shares of a claim; ``levels_per_sd`` 0 = worked out from the
    ratings; ``control``: what counts as a signal on a control chart;
    ``searched``: for how many courses another plan is looked for, to see what measuring is worth.
    """

    plan_with: str = "evidence"
    grades: Mapping[str, float] = field(
        default_factory=lambda: {"A": 1.0, "B": 0.7, "C": 0.3, "D": 0.0, "E": 0.0}
    )
    decay: float = 0.8
    bias: float = 0.4
    spread: float = 0.3
    levels_per_sd: float = 0.0
    searched: int = 4
    control: Mapping[str, float] = field(
        default_factory=lambda: {"sessions": 8.0, "far": 3.0, "pair": 2.0, "run": 8.0}
    )


@dataclass(frozen=True)
class ImplementationSettings:
    """When training may be, and how people are followed; see ``settings.toml`` for each default.

    ``away`` is the largest share (0-1) of a unit away on one day; days of the Balinese calendar are
    ``hard``, ``soft`` or ``none``; ``seconds`` is the effort for the timetable and the nominations.
    """

    away: float = 0.25
    day_jp: float = 10.0
    ramadan_jp: float = 6.0
    galungan: str = "hard"
    kuningan: str = "hard"
    saraswati: str = "soft"
    pagerwesi: str = "soft"
    avoid_friday: bool = True
    own_supervisor: bool = False
    seconds: float = 20.0
    follow_days: tuple[float, ...] = (30.0, 60.0, 90.0)


@dataclass(frozen=True)
class ReportSettings:
    """Where and when reports are made, and who signs the official ones."""

    timezone: str = "Asia/Makassar"
    agency: str = ""
    place: str = ""
    signer_title: str = ""
    signer: str = ""
