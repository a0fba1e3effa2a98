"""What a notebook shows: blocks of a page, made from published tables and findings only."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy import Published
from cakra_analysis.report.blocks import Block, draw_png, draw_svg
from cakra_analysis.report.run import PAGE, REPORT
from cakra_analysis.report.tables import read_columns
from cakra_analysis.report.voice import Voice
from cakra_analysis.results import Finding

NO_FIGURE = "–"


class Page(Voice):
    """The page of one report, in one language; numbers its figures and remembers its findings."""

    def __init__(
        self, lang: str, *, definition: str = "standard", outline: str = PAGE, **words: Any
    ) -> None:
        super().__init__(lang, definition=definition, **words)
        self.outline = outline
        self._count = {"figure": 0, "table": 0}
        self._findings: list[dict[str, Any]] = []
        self._tables: dict[str, dict[str, Any]] = {}

    def header(self, eyebrow: str, finding: Finding, facts: Sequence[str]) -> Block:
        """Return the top of the page: its first headline states the finding.

        Parameters
        ----------
        eyebrow : str
            Catalogue key below ``eyebrow``.
        finding : Finding
            Gives the headline.
        facts : sequence of str
            Whom and what the page is about; empty ones are left out.

        Returns
        -------
        Block
            The header; ``title`` is in its data.
        """
        title = self._remember(finding, "title")
        above = self.text(f"eyebrow.{eyebrow}")
        facts = [fact for fact in facts if fact]
        return Block("header", {"title": title, "eyebrow": above, "facts": facts})

    def summary(self, findings: Sequence[Finding]) -> Block:
        """Return the boxed summary, one sentence a finding.

        Parameters
        ----------
        findings : sequence of Finding
            Best three.

        Returns
        -------
        Block
            The box.
        """
        items = [{"head": self.say(f, "head"), "text": self._remember(f)} for f in findings]
        return Block("summary", {"head": self.text("page.summary"), "items": items})

    def figures(self, figures: Sequence[tuple[str, str]]) -> Block:
        """Return the row of large figures.

        Parameters
        ----------
        figures : sequence of tuple of str
            Figure and what it counts; best four. Those without a figure are left out.

        Returns
        -------
        Block
            The row.
        """
        shown = [(v, what) for v, what in figures if v != NO_FIGURE] or figures
        return Block("figures", {"items": [{"value": v, "what": what} for v, what in shown]})

    def section(self, name: str, finding: Finding, *, part: str = "title", text: str = "") -> Block:
        """Return a heading that states a finding, with the section's name above it.

        Parameters
        ----------
        name : str
            Catalogue key below ``section``.
        finding : Finding
            Gives the heading.
        part : str
            Which of its sentences is the heading.
        text : str
            A paragraph below; empty: the finding's own sentence where it has one.

        Returns
        -------
        Block
            Heading and paragraph; nothing where the finding says the matter was not asked.
        """
        if finding.key.endswith(".none"):
            return Block("nothing")
        small, title = self.text(f"section.{name}"), self._remember(finding, part)
        return Block("section", {"name": name, "small": small, "title": title, "text": text})

    def notes(self, name: str, findings: Sequence[Finding], **words: Any) -> Block:
        """Return a section of plain sentences.

        Parameters
        ----------
        name : str
            Catalogue key below ``section``: the heading.
        findings : sequence of Finding
            One sentence each.
        **words : object
            What these sentences may use besides.

        Returns
        -------
        Block
            Heading and list; nothing without findings.
        """
        if not findings:
            return Block("nothing")
        items = [self._remember(f, **words) for f in findings]
        head = self.text(f"section.{name}")
        return Block("notes", {"name": name, "head": head, "items": items})

    def annex(self) -> Block:
        """Return the mark from which on a page holds method and quality of the data.

        Returns
        -------
        Block
            A screen shows what follows folded up; paper shows it open.
        """
        return Block("annex", {"head": self.text("page.annex")})

    def figure(
        self,
        plot: Callable[..., Axes],
        table: Published,
        *,
        caption: str,
        alt: str,
        half: bool = False,
    ) -> Block:
        """Return a chart in two widths, for a screen or paper and for a phone.

        Parameters
        ----------
        plot : callable
            ``plot(table, lang=, narrow=) -> Axes``, drawing on a figure of its own.
        table : Published
            What is drawn; an unpublished table is refused.
        caption : str
            What the chart shows.
        alt : str
            The chart in words.
        half : bool
            Whether it stands in half the page's width: one drawing does for both.

        Returns
        -------
        Block
            Nothing at all where the table is empty or wholly suppressed.
        """
        frame = self._keep(table)
        if frame["suppressed"].all():
            return Block("nothing")
        narrow = {"wide": half, "narrow": True}
        drawn = {w: draw_svg(plot(frame, lang=self.lang, narrow=n)) for w, n in narrow.items()}
        if self.outline == REPORT:
            drawn["png"] = draw_png(plot(frame, lang=self.lang, narrow=False))
        return Block("figure", {**self._caption("figure", caption, table), "alt": alt, **drawn})

    def table(self, table: Published, columns: Sequence[str], *, caption: str) -> Block:
        """Return a table with the catalogue's headings and the language's numbers.

        Parameters
        ----------
        table : Published
            An unpublished table is refused.
        columns : sequence of str
            Columns to show, each ``column:label:kind``; see ``tables.read_columns``.
        caption : str
            What the table shows.

        Returns
        -------
        Block
            Nothing at all where the table is empty or wholly suppressed.
        """
        frame = self._keep(table)
        if frame["suppressed"].all():
            return Block("nothing")
        shown, rows = read_columns(frame, columns, self.lang, self.words)
        data = {**self._caption("table", caption, table), "columns": shown, "rows": rows}
        return Block("table", {**data, "lang": self.lang, "scroll": self.text("page.scroll")})

    def provenance(self, tables: Sequence[Published] = (), **facts: Any) -> Block:
        """Return what is kept beside the page: findings, published tables and origin.

        Parameters
        ----------
        tables : sequence of Published
            Tables that the brief and the next cycle read besides those that the page shows.
        **facts : object
            For instance fingerprint, threshold, source.

        Returns
        -------
        Block
            Shows nothing.
        """
        for table in tables:
            self._keep(table)
        kept = {"facts": facts, "findings": self._findings, "tables": [*self._tables.values()]}
        return Block("provenance", json.loads(json.dumps(kept, default=float)))

    def _keep(self, table: Published) -> pd.DataFrame:
        """Remember a table that leaves; rows of a table that is shown in parts come together."""
        if not isinstance(table, Published):
            raise PrivacyError(
                "A table was about to be shown that was not published.",
                do="Pass it through cakra_analysis.privacy.publish first.",
            )
        kept = self._tables.setdefault(table.name, {**table.describe(), "rows": []})
        kept["rows"] += [row for row in table.rows() if row not in kept["rows"]]
        return table.table

    def _remember(self, finding: Finding, part: str = "text", **words: Any) -> str:
        text = self.say(finding, part, **words)
        self._findings.append(
            {"key": finding.key, "part": part, "text": text, "n": finding.n}
            | {"values": json.loads(json.dumps(dict(finding.values), default=float))}
        )
        return text

    def _caption(self, kind: str, text: str, table: Published) -> dict[str, str]:
        self._count[kind] += 1
        number = self.text(f"page.{kind}", number=self._count[kind])
        return {"number": number, "caption": text, "table": table.name}
