"""The frame of the centre's pages: who is in, for which organisation, and the menu."""

from django import template
from django.http import HttpRequest
from django.urls import reverse

from xinheng.centre.access import Visit
from xinheng.centre.queries import name_of
from xinheng.centre.session import usable_memberships
from xinheng.people.queries import unread

register = template.Library()

MENU = (
    ("我的单位", "home", ("home",)),
    ("办事", "cases", ("cases", "case", "new_case", "case_step")),
    ("名单和措施", "measures", ("measures", "measure_notice")),
    ("自主申报", "declarations", ("declarations", "declare", "change_declaration")),
    ("信用承诺", "commitments", ("commitments", "sign_commitment", "commitment")),
    ("培训", "training", ("training",)),
    ("谁查过我", "readers", ("readers",)),
    ("消息", "messages", ("messages",)),
    ("授权", "consents", ("consents", "authorisations")),
    ("使用人", "users", ("users", "invite")),
)
"""Label, view, and the views it stands for; packages with pages here add their own entry."""


@register.inclusion_tag("centre/parts/menu.html")
def centre_menu(request: HttpRequest) -> dict[str, object]:
    """The menu; empty before the login."""
    visit = _visit(request)
    if visit is None:
        return {"entries": ()}
    here = request.resolver_match.url_name if request.resolver_match else ""
    waiting = unread(visit.scope, credit_code=visit.credit_code)
    entries = [
        (label, reverse(f"centre:{view}"), here in names, waiting if view == "messages" else 0)
        for label, view, names in MENU
    ]
    return {"entries": entries}


@register.inclusion_tag("centre/parts/who.html", takes_context=True)
def centre_who(context: template.Context) -> dict[str, object]:
    """Whose centre this is, and the way out; with several organisations also the switch."""
    request = context["request"]
    visit = _visit(request)
    if visit is None:
        return {"visit": None}
    others = usable_memberships(request, visit.user)
    return {
        "visit": visit,
        "organisations": [(one, name_of(visit.scope, one.credit_code)) for one in others],
        "csrf_token": context.get("csrf_token"),
    }


def _visit(request: HttpRequest) -> Visit | None:
    found = getattr(request, "centre", None)
    return found if isinstance(found, Visit) else None
