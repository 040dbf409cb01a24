"""Issuing reports and reading them, for tests."""

import io

from pypdf import PdfReader
from tests.portal.senders import SHOP
from tests.world import NOW, SYSTEM

from xinheng.base.clock import today
from xinheng.effects.models import Effect
from xinheng.products.actions import Issued, issue_report
from xinheng.register.models import Record

PURPOSE = "招标投标"


def issue(code: str = SHOP, kind: str = "plain", **more: object) -> Issued:
    facts: dict[str, object] = {"by": SYSTEM, "now": NOW, "today": today(NOW), "purpose": PURPOSE}
    return issue_report(credit_code=code, kind=kind, **(facts | more))  # type: ignore[arg-type]


def text_of(report: Issued) -> str:
    """All that a reader of the PDF sees, without the breaks of lines."""
    pages = PdfReader(io.BytesIO(report.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def effects_of_penalties() -> list[int]:
    penalties = Record.objects.filter(type="penalty", known_to=None).values_list("id", flat=True)
    return list(Effect.objects.filter(record_id__in=list(penalties)).values_list("id", flat=True))
