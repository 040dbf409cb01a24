"""授权: what the organisation lets others read about it, given and withdrawn."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.base.errors import XinhengError
from xinheng.catalogue.contracts import load_contracts
from xinheng.centre.access import Visit, organisation_user
from xinheng.people import actions as people
from xinheng.people.models import Department
from xinheng.people.purposes import purposes
from xinheng.people.queries import ConsentLine, consent_requests, consents, departments


class ConsentForm(forms.Form):
    """For what, what, who, until when."""

    recipient = forms.ChoiceField(label="授权给哪个部门查询")
    purpose_code = forms.ChoiceField(label="用途")
    purpose = forms.CharField(
        label="用途说明", max_length=200, help_text="例如：申请中小微企业贷款贴息。请不要写个人姓名和证件号码。"
    )
    scope = forms.MultipleChoiceField(label="可以查询的信息", widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(label="最后一日", widget=forms.DateInput(attrs={"type": "date"}), help_text="最长三年。")

    def __init__(self, *args: Any, recipients: list[tuple[str, str]], types: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        codes = [(one.key, one.title) for one in purposes(settings.PACK).values() if one.needs_consent]
        for name, choices in (
            ("recipient", [("", "请选择部门"), *recipients]),
            ("purpose_code", [("", "请选择用途"), *codes]),
            ("scope", types),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


@organisation_user
@require_http_methods(["GET", "POST"])
def consent_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/consents`, with a form for a new one."""
    types = {key: contract.title for key, contract in load_contracts(settings.PACK).items() if contract.register}
    recipients = {str(one.id): one.name for one in departments(visit.scope)}
    form = ConsentForm(request.POST or None, recipients=list(recipients.items()), types=list(types.items()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            people.give_consent(
                membership=visit.membership, purpose=given["purpose"], purpose_code=given["purpose_code"],
                scope=given["scope"],
                recipient=Department.objects.get(pk=given["recipient"]), until=given["until"], now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            messages.success(request, f"已授权{recipients[given['recipient']]}查询，随时可以撤回。")
            return redirect("centre:consents")
    lines = [
        (one, _titles(types, one.scope), one.in_force(visit.today), _word(one, visit.today), _purpose(one.purpose_code))
        for one in consents(visit.scope, credit_code=visit.credit_code)
    ]
    asked = [
        (one, _titles(types, one.scope), _purpose(one.purpose_code))
        for one in consent_requests(visit.scope, credit_code=visit.credit_code)
    ]
    return render(request, "centre/consents.html", {"lines": lines, "form": form, "asked": asked})


@organisation_user
@require_POST
def answer(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Allow what a department asked for until a day, or not."""
    until = None
    if request.POST.get("answer") == "allow":
        until = _day(request.POST.get("until", ""))
        if until is None:
            messages.error(request, "请选择授权的最后一日。")
            return redirect("centre:consents")
    people.answer_consent_request(membership=visit.membership, request_id=id, until=until, now=visit.now)
    messages.success(request, "已授权，随时可以撤回。" if until else "已答复不同意。不同意没有不利影响。")
    return redirect("centre:consents")


@organisation_user
@require_POST
def withdraw(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Take a consent back."""
    people.withdraw_consent(membership=visit.membership, consent_id=id, now=visit.now)
    messages.success(request, "已撤回授权，即时生效。撤回不影响您单位的任何事项。")
    return redirect("centre:consents")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _titles(types: dict[str, str], scope: tuple[str, ...]) -> str:
    return "、".join(types.get(key, key) for key in scope)


def _purpose(code: str) -> str:
    found = purposes(settings.PACK).get(code)
    return found.title if found else ""


def _word(line: ConsentLine, today: date) -> str:
    """How a consent stands, in words."""
    if line.withdrawn_at:
        return "已撤回"
    if today < line.starts:
        return "未开始"
    return "有效" if today <= line.until else "已到期"
