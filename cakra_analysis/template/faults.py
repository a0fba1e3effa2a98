"""Formulas that show a fault while somebody types; ``load`` has the last word."""

from __future__ import annotations

from collections.abc import Mapping

from cakra_analysis.contracts import Column, Contract
from cakra_analysis.template.names import LAST, name_key, name_list
from cakra_analysis.template.purposes import is_needed

CYCLE_ENDS = "|1|2|S1|S2|Q1|Q2|Q3|Q4|01|02|03|04|05|06|07|08|09|10|11|12|"


def find_faults(contract: Contract, column: Column, letters: Mapping[str, str]) -> dict[str, str]:
    """Return formulas for the first cell of a column, each true where its fault is there.

    Parameters
    ----------
    contract : Contract
        Of the table.
    column : Column
        Of the table.
    letters : mapping of str to str
        Letter of each column of the sheet, by name.

    Returns
    -------
    dict of str to str
        By kind of fault: ``blank``, ``wrong``, ``unknown``, ``duplicate``; what comes first counts.

    Examples
    --------
    >>> from cakra_analysis.contracts import contracts
    >>> mentors = contracts()["mentors"]
    >>> letters = {"staff_id": "A", "most": "B"}
    >>> find_faults(mentors, mentors.columns["most"], letters)["blank"]
    'AND(LEN(TRIM(B2))=0,COUNTA($A2:$B2)>0)'
    """
    here = f"{letters[column.name]}2"
    first, *_, last = [*letters.values(), *letters.values()]
    found: dict[str, str] = {}
    if is_needed(column):
        found["blank"] = f"AND(LEN(TRIM({here}))=0,COUNTA(${first}2:${last}2)>0)"
    if wrong := _find_wrong(contract, column, here):
        found["wrong"] = f"AND(LEN({here})>0,{wrong})"
    if column.refers:
        found["unknown"] = f"AND(LEN({here})>0,{_find_absent(here, name_key(column.refers))})"
    key = [name for name in contract.key if name in letters]
    if column.name == [name for name in key if is_needed(contract.columns[name])][-1]:
        same = ",".join(f"--(${letters[k]}$2:${letters[k]}${LAST}=${letters[k]}2)" for k in key)
        found["duplicate"] = f"AND(LEN({here})>0,SUMPRODUCT({same})>1)"
    return found


def _find_wrong(contract: Contract, column: Column, here: str) -> str:
    if column.allowed:
        return _find_absent(here, name_list(contract.name, column.name))
    if column.is_number:
        limits = [f"VALUE({here})<{column.low:g}"] if column.low is not None else []
        limits += [f"VALUE({here})>{column.high:g}"] if column.high is not None else []
        limits += [f"VALUE({here})<>INT(VALUE({here}))"] if column.kind == "whole" else []
        return f"IFERROR(OR({','.join(limits or [f'ISERROR(VALUE({here}))'])}),TRUE)"
    forms = {"identifier": f"ISNUMBER({here})", "date": _miss_date(here)}
    forms |= {"month": _miss_month(here), "cycle": _miss_cycle(here)}
    return forms.get(column.kind, "")


def _find_absent(here: str, name: str) -> str:
    """Letter by letter: MATCH and COUNTIF take long figures in a text for rounded numbers."""
    return f"SUMPRODUCT(--EXACT({here},{name}))=0"


def _miss_date(here: str) -> str:
    """A real date is as good as a text; a text must be that of a day of the calendar."""
    year, month, day = (f"VALUE(MID({here},{part}))" for part in ("1,4", "6,2", "9,2"))
    date = f"DATE({year},{month},{day})"
    parts = f'LEN({here})<>10,MID({here},5,1)<>"-",MID({here},8,1)<>"-"'
    day_is = f"MONTH({date})<>{month},DAY({date})<>{day}"
    return f"NOT(ISNUMBER({here})),IFERROR(OR({parts},{day_is}),TRUE)"


def _miss_month(here: str) -> str:
    month = f"VALUE(MID({here},6,2))"
    return f'IFERROR(OR(LEFT({here},2)<>"20",LEN({here})<>7,{month}<1,{month}>12),TRUE)'


def _miss_cycle(here: str) -> str:
    ends = f'AND(MID({here},5,1)="-",ISNUMBER(FIND("|"&MID({here},6,9)&"|","{CYCLE_ENDS}")))'
    year = f'LEFT({here},2)<>"20",ISERROR(VALUE(MID({here},3,2)))'
    return f"OR({year},NOT(OR(LEN({here})=4,{ends})))"
