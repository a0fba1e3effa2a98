"""The days on which a unit, room or trainer cannot, or better not, be used."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .timetable_inputs import Inputs

Whole = NDArray[np.int64]


class Closed:
    """The closures of units, rooms and trainers, day by day, under a set of rules.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold: unit, venue and trainer matter here.
    """

    def __init__(self, inputs: Inputs, rules: frozenset[str]) -> None:
        self._dates = pd.DatetimeIndex(inputs.days["date"])
        self._closures = inputs.closures
        self._rules = rules
        self._soft_day = inputs.points.soft_day
        unit_ids = tuple(inputs.unit_people["unit_id"].astype(str))
        self._unit_open = self.open_days("unit", unit_ids)
        self._unit_soft = self.soft_days("unit", unit_ids)
        self._day_soft = inputs.days["strength"].eq("soft").to_numpy() * self._soft_day

    def _mark(self, kind: str, strength: str, codes: tuple[str, ...]) -> NDArray[np.bool_]:
        marked = np.zeros((len(codes), len(self._dates)), dtype=bool)
        place = {code: i for i, code in enumerate(codes)}
        rows = self._closures
        rows = rows[rows["kind"].eq(kind) & rows["strength"].eq(strength)]
        for code, start, end in zip(rows["code"], rows["start"], rows["end"], strict=True):
            if str(code) in place:
                marked[place[str(code)]] |= (self._dates >= start) & (self._dates <= end)
        return marked

    def open_days(self, kind: str, codes: tuple[str, ...]) -> NDArray[np.bool_]:
        """Mark the days on which each may be used.

        Parameters
        ----------
        kind : str
            ``unit``, ``venue`` or ``trainer``; also the rule that makes closures count.
        codes : tuple of str
            Which ones.

        Returns
        -------
        ndarray of bool
            One row a code, one column a day.
        """
        shut = self._mark(kind, "hard", codes) & (kind in self._rules)
        kept: NDArray[np.bool_] = np.logical_not(shut)
        return kept

    def soft_days(self, kind: str, codes: tuple[str, ...]) -> Whole:
        """Points of using each on each day because of a soft closure.

        Parameters
        ----------
        kind : str
            ``unit``, ``venue`` or ``trainer``.
        codes : tuple of str
            Which ones.

        Returns
        -------
        ndarray of int
            One row a code, one column a day.
        """
        return self._mark(kind, "soft", codes) * np.int64(self._soft_day)

    def index_dates(self, dates: tuple[pd.Timestamp, ...]) -> Whole | None:
        """Find the places of dates in the year.

        Parameters
        ----------
        dates : tuple of Timestamp
            Rising.

        Returns
        -------
        ndarray of int or None
            None if one lies outside.
        """
        places = self._dates.get_indexer(pd.DatetimeIndex(dates))
        return None if (places < 0).any() else places.astype(np.int64)

    def hit(self, starts: Whole, units: list[int]) -> NDArray[np.bool_]:
        """Mark the sets of days on which one of the units is closed.

        Parameters
        ----------
        starts : ndarray of int
            Sets of days.
        units : list of int
            Places of units.

        Returns
        -------
        ndarray of bool
            One for each set.
        """
        shut = (~self._unit_open[units]).any(axis=0)
        return np.asarray(np.asarray(shut)[starts].any(axis=1), dtype=np.bool_)

    def cost_days(self, starts: Whole, units: list[int]) -> Whole:
        """Points of meeting on soft days.

        Parameters
        ----------
        starts : ndarray of int
            Sets of days.
        units : list of int
            Places of units.

        Returns
        -------
        ndarray of int
            One for each set.
        """
        by_day = self._day_soft + self._unit_soft[units].sum(axis=0)
        return by_day[starts].sum(axis=1).astype(np.int64)
