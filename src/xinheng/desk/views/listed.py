"""名单治理: the listed subjects, what the office found about each, and their share of operating entities."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import WrongUsage
from xinheng.desk.access import Visit, officer
from xinheng.measures import actions
from xinheng.measures.queries import governed
from xinheng.measures.queries.figures import TARGET
from xinheng.people.permissions import Act
from xinheng.register.models import LifeCycle

PAGE = 100
SITUATIONS = tuple(
    (one.value, one.label)
    for one in (
        LifeCycle.OPERATING, LifeCycle.BANKRUPT, LifeCycle.LOST, LifeCycle.REVOKED, LifeCycle.CANCELLED,
        LifeCycle.MOVED,
    )
)  # fmt: skip


@officer(Act.GOVERN_LISTED)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/listed?untreated=1`: who is listed, as what found, with which treatment."""
    found = governed(visit.scope, as_at=visit.today)
    untreated = bool(request.GET.get("untreated"))
    subjects = [one for one in found.subjects if not untreated or not one.treatment]
    context = {
        "found": found,
        "subjects": subjects[:PAGE],
        "more": max(0, len(subjects) - PAGE),
        "untreated": untreated,
        "target": TARGET,
        "situations": SITUATIONS,
    }
    return render(request, "desk/listed.html", context)


@officer(Act.GOVERN_LISTED)
@require_POST
def note(request: HttpRequest, visit: Visit, subject: int) -> HttpResponse:
    """Note what was found and what is done."""
    given = request.POST
    try:
        actions.note_treatment(
            subject_no=subject,
            situation=LifeCycle(given.get("situation", "")),
            treatment=given.get("treatment", ""),
            evidence=given.get("evidence", ""),
            by=visit.user,
            now=visit.now,
        )
    except WrongUsage as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    except ValueError:
        messages.error(request, "请选择核实的情况。")
    else:
        messages.success(request, "已登记治理情况。")
    return redirect("desk:listed")
