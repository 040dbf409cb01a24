"""核查纠正: what the own department did after a check under a measure that was wrong, and how it put that right."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import Conflict, WrongUsage
from xinheng.checks.actions import put_check_right
from xinheng.checks.queries import corrections
from xinheng.desk.access import Visit, officer
from xinheng.people.permissions import Act


class WhatForm(forms.Form):
    """How it was put right."""

    what = forms.CharField(label="怎样纠正的", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@officer(Act.CHECK)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/checks/corrections`: open ones first."""
    found = corrections(visit.scope, department_id=visit.user.department_id)
    lines = [(one, WhatForm(prefix=str(one.id)), one.done_at is None and one.due_on < visit.today) for one in found]
    return render(request, "desk/check_corrections.html", {"lines": lines})


@officer(Act.CHECK)
@require_POST
def put_right(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/checks/corrections/<id>`: say how; once."""
    form = WhatForm(request.POST, prefix=str(id))
    try:
        put_check_right(
            correction=id, what=form.cleaned_data["what"] if form.is_valid() else "", by=visit.user, now=visit.now
        )
    except (Conflict, WrongUsage) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已登记怎样纠正。")
    return redirect("desk:check_corrections")
