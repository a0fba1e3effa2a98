"""How a command is declared, with an example, and the kinds of its options."""

from __future__ import annotations

import argparse
from datetime import date

Commands = argparse._SubParsersAction  # argparse has no public name for it


def add_command(
    commands: Commands[argparse.ArgumentParser], name: str, summary: str, *, example: str
) -> argparse.ArgumentParser:
    """Declare a command.

    Parameters
    ----------
    commands : Commands
        What it is added to.
    name : str
        As it is typed.
    summary : str
        What it does, without a capital or a point.
    example : str
        One call a line; ``--help`` ends with them.

    Returns
    -------
    ArgumentParser
        For its options.
    """
    lines = "\n".join(f"  {line}" for line in example.splitlines())
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"Example:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def read_whole(text: str) -> int:
    """Read an option that is a whole number.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    int
        0 or more.

    Raises
    ------
    ArgumentTypeError
        When it is none.
    """
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of 0 or more')
    return int(text)


def read_clock(text: str) -> str:
    """Read a time of day; a point between hour and minute is as good as a colon.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    str
        For instance 05:30.

    Raises
    ------
    ArgumentTypeError
        When it is none.
    """
    hour, _, minute = text.replace(".", ":").partition(":")
    told = hour.isdecimal() and minute.isdecimal() and len(minute) == 2
    if not told or int(hour) > 23 or int(minute) > 59:
        raise argparse.ArgumentTypeError(f'"{text}" is not a time of day such as 05:30')
    return f"{int(hour):02}:{minute}"


def read_day(text: str) -> str:
    """Read a day.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    str
        For instance 2027-04-01.

    Raises
    ------
    ArgumentTypeError
        When it is none.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day such as 2027-04-01') from None
