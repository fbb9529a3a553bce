"""The common page of several comparisons: one offline HTML file, made from their records alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report.environment import environment
from bakeoff.report.page import HTML_LANGUAGE
from bakeoff.report.together.view import view
from bakeoff.report.words import Words

if TYPE_CHECKING:
    from bakeoff.results.together import Together


def render_together(together: Together, lang: str = "en") -> str:
    """Return the common page as one HTML document that links to the decision pages.

    Args:
        together: The comparisons.
        lang: ``"en"`` or ``"zh"``.

    Raises:
        UsageError: There are no words in that language.
    """
    words = Words(lang)
    template = environment().get_template("together.html.jinja")
    html = template.render(page=view(together, words), w=words, lang=HTML_LANGUAGE[lang])
    return "\n".join(line for line in html.splitlines() if line.strip()) + "\n"
