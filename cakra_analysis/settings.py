"""Settings, read once and frozen; an unknown key or an impossible value is refused."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cakra_analysis.errors import SettingsError, suggest
from cakra_analysis.limits import list_limits

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
class ReportSettings:
    """Where and when reports are made, and who signs the official ones."""

    timezone: str = "Asia/Makassar"
    agency: str = ""
    place: str = ""
    signer_title: str = ""
    signer: str = ""


@dataclass(frozen=True)
class Settings:
    """All settings of a build."""

    gap: GapSettings = field(default_factory=GapSettings)
    stakeholders: StakeholderSettings = field(default_factory=StakeholderSettings)
    learning: LearningSettings = field(default_factory=LearningSettings)
    job_match: JobMatchSettings = field(default_factory=JobMatchSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    report: ReportSettings = field(default_factory=ReportSettings)


def read_settings(path: str | Path = "") -> Settings:
    """Read ``settings.toml``; an empty path gives the defaults.

    Parameters
    ----------
    path : str or Path
        The file, or an empty text for the defaults.

    Returns
    -------
    Settings
        Frozen settings.

    Raises
    ------
    SettingsError
        When the file is missing, is not TOML, names an unknown key or holds an impossible value.
    """
    if not str(path):
        return Settings()
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such settings file.") from None
    except OSError as error:
        raise SettingsError(f"{path}: these settings cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: this is not a TOML file: {error}") from None
    kinds = {f.name: type(getattr(Settings(), f.name)) for f in dataclasses.fields(Settings)}
    _refuse_unknown(path, "section", content, kinds)
    sections = {name: _section(path, name, kinds[name], content[name]) for name in content}
    settings = Settings(**sections)
    _refuse_impossible(path, settings)
    return settings


def _refuse_unknown(path: str | Path, what: str, found: Mapping[str, Any], known: Any) -> None:
    for name in found:
        if name not in known:
            found_here, allowed = f'{path}: unknown {what} "{name}".', ", ".join(known)
            raise SettingsError(
                found_here, allowed=f"Known are: {allowed}.", do=suggest(name, known)
            )


def _section(path: str | Path, name: str, kind: type, content: Any) -> Any:
    default = kind()
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: [{name}] must be a section with keys.")
    _refuse_unknown(path, f"key in [{name}]", content, [f.name for f in dataclasses.fields(kind)])
    return kind(
        **{k: _value(f"{path}: {name}.{k}", getattr(default, k), v) for k, v in content.items()}
    )


def _value(where: str, default: Any, value: Any) -> Any:
    """Return ``value`` as the type of ``default``, or refuse it."""
    if isinstance(default, Mapping):
        if not isinstance(value, dict):
            raise SettingsError(f"{where} must give a number to each of {', '.join(default)}.")
        _refuse_unknown(where, "name", value, default)
        return {**default, **{k: _value(f"{where}.{k}", 0.0, v) for k, v in value.items()}}
    if isinstance(default, tuple) and isinstance(value, list) and len(value) == len(default):
        return tuple(_value(where, 0.0, v) for v in value)
    if isinstance(default, float):
        if type(value) in (int, float) and math.isfinite(value):
            return float(value)
    elif type(value) is type(default):
        return value
    raise SettingsError(f"{where} is {value!r}.", allowed=f"It looks like {default!r} by default.")


def _refuse_impossible(path: str | Path, settings: Settings) -> None:
    broken = [rule for rule, kept in list_limits(settings).items() if not kept]
    if broken:
        raise SettingsError(f"{path}: {broken[0]}.")
    try:  # OSError: a folder of zones, "Asia"
        ZoneInfo(settings.report.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f'{path}: report.timezone "{settings.report.timezone}" is not a time zone.',
            do="Lombok's is Asia/Makassar.",
        ) from None
