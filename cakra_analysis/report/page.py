"""What a notebook shows: blocks of a page, made from published tables and findings only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from matplotlib.axes import Axes

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy import Published
from cakra_analysis.report.blocks import Block, draw_svg
from cakra_analysis.report.tables import write_table
from cakra_analysis.report.voice import Voice
from cakra_analysis.results import Finding
from cakra_analysis.words import label

NO_FIGURE = "–"


class Page(Voice):
    """The page of one report, in one language; numbers its figures and remembers its findings."""

    def __init__(self, lang: str, *, definition: str = "standard", **words: Any) -> None:
        super().__init__(lang, definition=definition, **words)
        self._count = {"figure": 0, "table": 0}
        self._findings: list[dict[str, Any]] = []

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
        spans = "".join(f"<span>{escape(f)}</span>" for f in facts if f)
        above = escape(label(f"eyebrow.{eyebrow}", self.lang))
        html = f'<p class="eyebrow">{above}</p><h1>{escape(title)}</h1><p class="meta">{spans}</p>'
        return Block("header", html, {"title": title, "eyebrow": above, "facts": [*facts]})

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
        items = "".join(
            f"<li><b>{escape(self.say(f, 'head'))}</b> {escape(self._remember(f))}</li>"
            for f in findings
        )
        head = escape(label("page.summary", self.lang))
        box = f'<h2 class="eyebrow">{head}</h2><ol>{items}</ol>'
        return Block("summary", f'<section class="lead" aria-label="{head}">{box}</section>')

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
        cells = "".join(
            f'<div class="kpi"><dt>{escape(what)}</dt><dd>{escape(v)}</dd></div>'
            for v, what in figures
            if v != NO_FIGURE or all(other == NO_FIGURE for other, _ in figures)
        )
        return Block("figures", f'<dl class="kpis">{cells}</dl>')

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
        small = escape(self.text(f"section.{name}"))
        title = escape(self._remember(finding, part))
        below = f"<p>{escape(text)}</p>" if text else ""
        return Block("section", f"<h2><small>{small}</small>{title}</h2>{below}")

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
            Heading and list.
        """
        items = "".join(f"<li>{escape(self._remember(f, **words))}</li>" for f in findings)
        head = escape(self.text(f"section.{name}"))
        return Block("notes", f'<h2>{head}</h2><ul class="notes">{items}</ul>')

    def figure(
        self, plot: Callable[..., Axes], table: Published, *, caption: str, alt: str
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

        Returns
        -------
        Block
            Nothing at all where the table is empty or wholly suppressed.
        """
        frame = _published(table)
        if frame["suppressed"].all():
            return Block("nothing")
        pictures = "".join(
            f'<div class="{"narrow" if narrow else "wide"}" role="img" aria-label="{escape(alt)}">'
            f"{draw_svg(plot(frame, lang=self.lang, narrow=narrow))}</div>"
            for narrow in (False, True)
        )
        return Block("figure", f"<figure>{pictures}{self._caption('figure', caption)}</figure>")

    def table(self, table: Published, columns: Sequence[str], *, caption: str) -> Block:
        """Return a table with the catalogue's headings and the language's numbers.

        Parameters
        ----------
        table : Published
            An unpublished table is refused.
        columns : sequence of str
            Columns to show, each ``column:label:kind``; see ``tables.write_table``.
        caption : str
            What the table shows.

        Returns
        -------
        Block
            Nothing at all where the table is empty or wholly suppressed.
        """
        frame = _published(table)
        if frame["suppressed"].all():
            return Block("nothing")
        html = write_table(frame, columns, self.lang, self.words)
        scroll = escape(label("page.scroll", self.lang))
        caption = self._caption("table", caption)
        html = f'<div class="scroll" tabindex="0" role="region" aria-label="{scroll}">{html}</div>'
        return Block("table", f'<figure class="table">{caption}{html}</figure>')

    def provenance(self, tables: Mapping[str, Published], **facts: Any) -> Block:
        """Return what is kept beside the page: findings, published tables and origin.

        Parameters
        ----------
        tables : mapping of str to Published
            Tables that the brief and the next cycle read.
        **facts : object
            For instance fingerprint, threshold, source.

        Returns
        -------
        Block
            Shows nothing.
        """
        kept = {n: json.loads(_published(t).to_json(orient="records")) for n, t in tables.items()}
        return Block("provenance", "", {"facts": facts, "findings": self._findings, "tables": kept})

    def _remember(self, finding: Finding, part: str = "text", **words: Any) -> str:
        text = self.say(finding, part, **words)
        self._findings.append(
            {"key": finding.key, "part": part, "text": text, "n": finding.n}
            | {"values": json.loads(json.dumps(dict(finding.values), default=float))}
        )
        return text

    def _caption(self, kind: str, text: str) -> str:
        self._count[kind] += 1
        number = label(f"page.{kind}", self.lang, number=self._count[kind])
        return f"<figcaption><b>{escape(number)}</b> {escape(text)}</figcaption>"


def _published(table: Published) -> Any:
    if not isinstance(table, Published):
        raise PrivacyError(
            "A table was about to be shown that was not published.",
            do="Pass it through cakra_analysis.privacy.publish first.",
        )
    return table.table
