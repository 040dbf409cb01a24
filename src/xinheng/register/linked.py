"""How statements came to their organisation, in words for whoever is told: the public, the organisation, officers."""

from collections.abc import Iterable

from xinheng.base.identifiers.credit_code_tables import SUBJECT_KINDS
from xinheng.register.models import Record, SubjectLink

INDIVIDUAL_BUSINESS = SUBJECT_KINDS["92"]
WITHOUT_CODE = ("name", "match", "officer")
"""Ways in which no code of the source named the organisation; these may err."""


def link_told(rows: Iterable[Record]) -> dict[int, str]:
    """How each of these versions came to its organisation, by version id; empty while it has none.

    Never names an officer nor repeats what one noted. One query, and none without names that were compared.
    """
    rows = list(rows)
    compared = _compared(one.subject_no for one in rows if one.link_method == "match")
    return {one.pk: _told(one, *compared.get(one.subject_no, ("", ""))) for one in rows}


def _compared(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """By provisional number: why comparing linked it last, and the kind of organisation it was linked to.

    Of links without an officer, as an older version may stand under a number that an officer linked anew.
    """
    asked = set(numbers)
    if not asked:
        return {}
    links = SubjectLink.objects.filter(number__in=asked, by=None).order_by("known_from", "pk")
    return {number: (why, kind) for number, why, kind in links.values_list("number", "reason", "organisation__kind")}


def _told(row: Record, why: str, kind: str) -> str:
    match row.link_method:
        case "code":
            return "按报送的统一社会信用代码"
        case "old_code":
            return "按报送的旧代码"
        case "name":
            return f"报送的名称“{row.subject_name}”与登记的名称（含曾用名）一致"
        case "match":
            # What was typed for an individual business may be a person's name; only the registered one is told.
            name = "" if kind == INDIVIDUAL_BUSINESS else f"“{row.subject_name}”"
            told = f"来源没有可用的代码，报送的名称{name}经比对归到这个单位"
            return f"{told}：{why}" if why else told
        case "officer":
            return "由信用办核对后归到这个单位"
        case _:
            return ""
