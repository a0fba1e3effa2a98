"""What a mapping file may say, part by part."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

Text = Annotated[str, Field(min_length=1)]
GroupOfItems = Literal["manajerial", "sosial kultural", "teknis", "pemerintahan"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Person(_Strict):
    """Who answered: a column that tells the answers of one person from another's.

    ``each_row`` instead of a column: nobody answered twice, so that a row is a person.
    ``duplicates`` says what to do with several rows of one person and with rows of nobody: refuse
    the export, or use the person's first or last row and report the rows that were left out.
    ``pseudonym`` writes pseudonyms and never the code itself: a must where it is an NIP.
    """

    column: str = ""
    each_row: bool = False
    prefix: str = "R"
    duplicates: Literal["refuse", "first", "last"] = "refuse"
    pseudonym: bool = False


class Unit(_Strict):
    """The groups to report by: a column, and which of its values is which group.

    Without ``values`` each answer is a group of its own, without a column there are no groups.
    """

    column: str = ""
    root: Text
    values: dict[Text, Text] = {}
    other: str = ""


class Group(_Strict):
    """The stakeholders' groups: a column, and which of its values is which group."""

    column: Text
    values: dict[Text, Literal["public", "private", "academia"]] = Field(min_length=1)
    root: Text = "Semua"


class Scale(_Strict):
    """An answer scale: the text of each answer and its level; several texts may share one."""

    levels: dict[Text, StrictInt] = Field(min_length=2)


class Grid(_Strict):
    """Columns of one item each, answered on one scale: they share a beginning, or are listed.

    ``until`` cuts the item's name before a text, such as an explanation in brackets; ``names``
    gives an item another name than its header, ``ids`` the code that the data set has for it. A
    grid of levels and a grid of needs with the same ``code`` ask about the same competencies. What
    becomes ``ignore`` is left out.
    """

    starts_with: str = ""
    columns: list[Text] = []
    becomes: Literal[
        "need", "level", "importance", "performance", "learning_format", "barrier", "ignore"
    ]
    scale: Text
    code: Text
    until: str = ""
    names: dict[Text, Text] = {}
    ids: dict[Text, Text] = {}
    group: GroupOfItems = "teknis"

    @property
    def spoken(self) -> str:
        """Its name in messages."""
        return f'grid "{self.code}"'


class Choices(_Strict):
    """A question with several answers: joined in one cell, or a column of 0 and 1 each.

    ``column`` with ``joined_by`` (``", "``, ``";"`` or a blank) for the first, ``starts_with`` for
    the second. ``options`` are the answers that count, or what an answer's code means.
    """

    column: str = ""
    joined_by: str = ", "
    starts_with: str = ""
    options: list[Text] | dict[Text, Text] = Field(min_length=1)
    becomes: Literal["learning_format", "barrier"]
    code: Text


class Asked(_Strict):
    """One scaled column of a repeated group."""

    column: Text
    becomes: Literal["need", "level"]
    scale: Text


class Repeat(_Strict):
    """A repeated group in a sheet of its own: a row is one item of the person it belongs to."""

    sheet: Text
    parent: Text = "_parent_index"
    index: Text = "_index"
    item: Text
    asks: list[Asked] = Field(min_length=1, max_length=2)
    names: dict[Text, Text] = {}
    code: Text
    group: GroupOfItems = "teknis"
    ignore: list[Text] = []


class Review(_Strict):
    """A column in which somebody judged the rows, and which judgements leave a row out."""

    column: Text
    leave_out: list[Text] = Field(min_length=1)


class Times(_Strict):
    """When a row was begun and sent; ``dates`` is the order of day and month in these columns."""

    start: str = ""
    end: str = ""
    dates: Literal["day first", "month first", "year first"]


class Mapping(_Strict):
    """A whole mapping file."""

    sheet: str = ""
    header: StrictInt | list[StrictInt] = []
    cut: bool = True
    complete: str = ""
    cycle: Text
    about: dict[Text, Text]
    person: Person
    unit: Unit | None = None
    group: Group | None = None
    times: Times | None = None
    review: Review | None = None
    scales: dict[Text, Scale] = {}
    grids: list[Grid] = []
    choices: list[Choices] = []
    repeats: list[Repeat] = []
    ignore: list[Text] = []

    @property
    def asked(self) -> list[Grid]:
        """The grids that are not left out."""
        return [grid for grid in self.grids if grid.becomes != "ignore"]

    @property
    def header_rows(self) -> list[int]:
        """The header's rows; empty where they are to be found."""
        return [self.header] if isinstance(self.header, int) else list(self.header)
