"""The basis of a record as links into the legal register."""

from functools import lru_cache
from itertools import groupby
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from xinheng.effects.queries import BasisLine

register = template.Library()


# A page of twenty records repeats three or four sets of provisions, so each set is written out once.
@register.simple_tag
@lru_cache(maxsize=1000)
def basis_links(basis: tuple[BasisLine, ...]) -> SafeString:
    """《text》article、article；《text》article — the text and each article lead to their place in the register."""
    ordered = sorted(basis, key=lambda line: line.text_key)
    texts = [_text(list(lines)) for _, lines in groupby(ordered, key=lambda line: line.text_key)]
    return format_html_join("；", "{}", ((text,) for text in texts))


def _text(lines: list[BasisLine]) -> SafeString:
    address = reverse("portal:law_text", args=[lines[0].text_key])
    articles = format_html_join(
        "、",
        '<a class="quiet" href="{}#{}">{}</a>',
        ((address, quote(line.article), line.article) for line in lines),
    )
    return format_html('<a href="{}">《{}》</a>{}', address, lines[0].text_title, articles)
