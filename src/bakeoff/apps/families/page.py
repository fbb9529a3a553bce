"""The page of the families: one offline HTML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.apps.families.phrases import PHRASES
from bakeoff.apps.families.views import parts
from bakeoff.report.environment import environment
from bakeoff.report.words import Words

if TYPE_CHECKING:
    from bakeoff.apps.families.record import Families

_HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}


def words(lang: str) -> Words:
    """Return the words of this page.

    Raises:
        UsageError: There are none in that language.
    """
    return Words(lang, PHRASES)


def made_with(families: Families, w: Words) -> str:
    """Return with what the numbers were made, without a date."""
    versions = ", ".join(f"{name} {number}" for name, number in families.versions.items())
    return w("fam.made", versions=versions, seed=str(families.seed))


def render_page(families: Families, lang: str = "en") -> str:
    """Return the page as one HTML document.

    Args:
        families: What was measured.
        lang: ``"en"`` or ``"zh"``.

    Raises:
        UsageError: There are no words in that language.
    """
    w = words(lang)
    template = environment("bakeoff.apps.families", "bakeoff.report").get_template(
        "families.html.jinja"
    )
    return template.render(
        parts=parts(families, w),
        made=made_with(families, w),
        lang=_HTML_LANGUAGE[lang],
        w=w,
    )
