"""The credit check at the counter: one field, one sentence, the measures of this item to tick off."""

from datetime import timedelta
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import NotFound, Refused, WrongUsage, XinhengError
from xinheng.base.scope import Scope
from xinheng.checks.actions import Asked, answer_checks, give_feedback
from xinheng.checks.actions.feedback import Done
from xinheng.checks.asking import LONGEST_CASE, Asker, errand, question
from xinheng.checks.models import Outcome
from xinheng.checks.queries import Usage, items_for, usage
from xinheng.desk.access import Visit, officer
from xinheng.desk.tables import Cell, Table, table
from xinheng.people.permissions import Act
from xinheng.people.purposes import purposes

_KEPT = "check_errand"
_MONTH = timedelta(days=30)


class ErrandForm(forms.Form):
    """What is being decided; kept for the login, so that the next one only needs a code."""

    item = forms.ChoiceField(label="业务事项")
    purpose = forms.ChoiceField(label="用途")
    case_no = forms.CharField(label="办件编号", max_length=LONGEST_CASE, required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered


@officer(Act.CHECK)
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/checks`: cursor in the one field; the answer stands above the field for the next."""
    asker = asker_of(visit)
    choices = choices_for(visit.scope, asker)
    initial = request.session.get(_KEPT) or {"purpose": "service"}
    form = ErrandForm(request.POST or None, initial=initial, choices=choices)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        request.session[_KEPT] = {"item": given["item"], "purpose": given["purpose"]}
        try:
            context |= _answer(request, visit, asker, given)
        except (Refused, NotFound, WrongUsage) as refusal:
            # What was refused may be a person's number: nothing typed is shown again.
            kept = ErrandForm(initial=request.session[_KEPT], choices=choices)
            context |= {"refusal": refusal, "form": kept}
    return render(request, "desk/checks.html", context, status=400 if "refusal" in context else 200)


def _answer(request: HttpRequest, visit: Visit, asker: Asker, given: dict[str, str]) -> dict[str, Any]:
    about = errand(
        asker=asker, item=given["item"], case_no=given["case_no"], purpose=given["purpose"], pack=settings.PACK
    )
    asked = Asked(question(about, request.POST.get("code", ""), request.POST.get("name", "")))
    (found,) = answer_checks(asked=[asked], pack=settings.PACK, home=settings.HOME, now=visit.now)
    if isinstance(found, XinhengError):
        raise found
    facts = found.facts
    address = request.build_absolute_uri(reverse("portal:check_code", args=[facts["number"]]))
    return {"found": facts, "code": _code(address), "late": [one for one in facts["sources"] if not one["fresh"]]}


@officer(Act.CHECK)
@require_POST
def feedback(request: HttpRequest, visit: Visit, number: str) -> HttpResponse:
    """`/desk/checks/<number>/feedback`: a tick means done; a measure without one needs a reason."""
    asker = asker_of(visit)
    ticked = set(request.POST.getlist("applied"))
    done = [
        Done(
            one,
            Outcome.APPLIED if one in ticked else Outcome.NOT_APPLIED,
            request.POST.get(f"note-{one}", ""),
            request.POST.get("document_no", ""),
        )
        for one in request.POST.getlist("measure")
    ]
    try:
        give_feedback(
            number=number,
            region_id=asker.region_id,
            department_id=asker.department_id,
            done=done,
            by=visit.actor,
            now=visit.now,
        )
    except (Refused, WrongUsage) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, f"已记下对 {number} 的反馈。")
    return redirect("desk:checks")


@officer(Act.READ_CHECKS)
@require_safe
def usage_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/checks/usage`: how often each department checked in the last thirty days."""
    found = usage(visit.scope, first=visit.today - _MONTH, last=visit.today)
    context = {"usage": found, "table": _table(found), "ratio": None if found.ratio is None else found.ratio / 10}
    return render(request, "desk/check_usage.html", context)


def _table(found: Usage) -> Table:
    return table(
        "各部门核查情况",
        ("部门", "核查次数", "核查代码", "有结果", "列出措施", "反馈已采取"),
        (
            (
                Cell(one.department_name),
                *(Cell(str(n)) for n in (one.calls, one.codes, one.hits, one.measures_answered, one.measures_applied)),
            )
            for one in found.lines
        ),
    )


def choices_for(scope: Scope, asker: Asker) -> dict[str, list[tuple[str, str]]]:
    """The items this asker may check for, and the purposes."""
    return {
        "item": [(one.code, f"{one.title}（{one.code}）") for one in items_for(scope, asker, settings.PACK)],
        "purpose": [(one.key, one.title) for one in purposes(settings.PACK).values()],
    }


def asker_of(visit: Visit) -> Asker:
    """The officer as one who asks."""
    department = visit.user.department
    return Asker(
        visit.actor, visit.user.region_id, visit.user.region.code, department.pk, department.code, department.name
    )


def _code(address: str) -> SafeString:
    return mark_safe(segno.make(address, error="m").svg_inline(scale=3, border=2))  # noqa: S308 - drawn here
