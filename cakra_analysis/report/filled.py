"""Pages of the builder's own: a template with the house style, its texts always escaped."""

from __future__ import annotations

from typing import Any

import jinja2
from markupsafe import Markup, escape

from cakra_analysis import __version__
from cakra_analysis.report.render import fonts, style
from cakra_analysis.words import label


def fill_template(name: str, *, lang: str, **values: Any) -> str:
    """Fill one of the builder's own templates.

    Parameters
    ----------
    name : str
        Of a file in ``report/template``.
    lang : str
        ``id`` or ``en``.
    **values : object
        What the template shows beside typefaces, style and the words of the language.

    Returns
    -------
    str
        A page that needs no other file.
    """
    loader = jinja2.PackageLoader("cakra_analysis.report", "template")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    environment.filters["commands"] = mark_commands
    return environment.get_template(name).render(
        lang=lang,
        fonts=Markup(fonts()),  # noqa: S704 - our own file
        style=Markup(style()),  # noqa: S704 - our own file
        say=lambda key, **words: label(key, lang, **words),
        version=__version__,
        **values,
    )


def mark_commands(text: str) -> Markup:
    """Write what stands between backticks as code, all of it escaped.

    Parameters
    ----------
    text : str
        Of the catalogue.

    Returns
    -------
    Markup
        Ready for a page.

    Examples
    --------
    >>> str(mark_commands("Run `cakra report` & wait"))
    'Run <code>cakra report</code> &amp; wait'
    """
    parts = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)
