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
from cakra_analysis.sections import (
    AUDIENCES,
    GROUPS,
    SOURCES,
    CheckSettings,
    DesignSettings,
    EvaluationSettings,
    GapSettings,
    ImplementationSettings,
    ImprovementSettings,
    JobMatchSettings,
    LearningSettings,
    PrivacySettings,
    ReportSettings,
    ServiceSettings,
    StakeholderSettings,
)

__all__ = [
    "AUDIENCES",
    "GROUPS",
    "SOURCES",
    "CheckSettings",
    "DesignSettings",
    "EvaluationSettings",
    "GapSettings",
    "ImplementationSettings",
    "ImprovementSettings",
    "JobMatchSettings",
    "LearningSettings",
    "PrivacySettings",
    "ReportSettings",
    "ServiceSettings",
    "Settings",
    "StakeholderSettings",
    "read_settings",
]


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
    design: DesignSettings = field(default_factory=DesignSettings)
    implementation: ImplementationSettings = field(default_factory=ImplementationSettings)
    improvement: ImprovementSettings = field(default_factory=ImprovementSettings)
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
