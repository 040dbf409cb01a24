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
from xinheng.people.queries import ConsentLine, consents, departments


class ConsentForm(forms.Form):
    """For what, what, who, until when."""

    recipient = forms.ChoiceField(label="授权给哪个部门查询")
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="例如：申请中小微企业贷款贴息。请不要写个人姓名和证件号码。"
    )
    scope = forms.MultipleChoiceField(label="可以查询的信息", widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(label="最后一日", widget=forms.DateInput(attrs={"type": "date"}), help_text="最长三年。")

    def __init__(self, *args: Any, recipients: list[tuple[str, str]], types: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        for name, choices in (("recipient", [("", "请选择部门"), *recipients]), ("scope", types)):
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
                membership=visit.membership, purpose=given["purpose"], scope=given["scope"],
                recipient=Department.objects.get(pk=given["recipient"]), until=given["until"], now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            messages.success(request, f"已授权{recipients[given['recipient']]}查询，随时可以撤回。")
            return redirect("centre:consents")
    lines = [
        (one, "、".join(types.get(key, key) for key in one.scope), one.in_force(visit.today), _word(one, visit.today))
        for one in consents(visit.scope, credit_code=visit.credit_code)
    ]
    return render(request, "centre/consents.html", {"lines": lines, "form": form})


@organisation_user
@require_POST
def withdraw(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Take a consent back."""
    people.withdraw_consent(membership=visit.membership, consent_id=id, now=visit.now)
    messages.success(request, "已撤回授权，即时生效。撤回不影响您单位的任何事项。")
    return redirect("centre:consents")


def _word(line: ConsentLine, today: date) -> str:
    """How a consent stands, in words."""
    if line.withdrawn_at:
        return "已撤回"
    if today < line.starts:
        return "未开始"
    return "有效" if today <= line.until else "已到期"
