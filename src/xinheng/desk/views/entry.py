"""One record by hand: enter, correct, withdraw. The same way in as a file."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base import clock
from xinheng.catalogue.contract import ASSERT, WITHDRAW, WITHDRAWAL_REASON, Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.departments import chosen_department, own_departments
from xinheng.desk.forms.entry import EntryForm
from xinheng.desk.queries import RecordLine, record_line, records_to_change, stated_values
from xinheng.desk.record_types import delivered_types
from xinheng.desk.values import form_values, shown
from xinheng.intake.actions.delivering import Sender, contract_of
from xinheng.intake.actions.single import FieldProblem, check_single, problems_of, sealed_values, submit_single
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.standing import identifying, naming
from xinheng.ledger.models import Channel
from xinheng.people.models import Department
from xinheng.people.permissions import Act
from xinheng.register.references import record_no_of

MOST_REASON = 200


@officer(Act.SUBMIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/records/new?type=`"""
    if request.GET.get("type", "") not in dict(delivered_types()):
        return render(request, "desk/entry_type.html", {"types": delivered_types()})
    contract = contract_of(request.GET["type"])
    department = chosen_department(visit, request.POST.get("department") or str(visit.user.department_id))
    authority = {contract.roles.source_name: department.name, contract.roles.source_code: department.code}
    form = EntryForm(contract, request.POST or None, initial={name: text for name, text in authority.items() if name})
    if request.method == "POST" and form.is_valid():
        delivery = _send(request, visit, form, contract, department, kept={})
        if delivery is not None:
            return _accepted(request, delivery, "已录入")
    context = {
        "form": form,
        "title": f"录入{contract.title}",
        "button": "提交录入",
        "contract": contract,
        "departments": own_departments(visit),
        "department": department,
        "entry": request.POST.get("entry") or uuid.uuid4().hex,
        "back": reverse("desk:entry"),
    }
    return render(request, "desk/entry.html", context)


@officer(Act.SUBMIT)
@require_safe
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/records/find?type=&q=`: own records, to correct or withdraw one."""
    contracts = {key: one for key, one in load_contracts(settings.PACK).items() if one.register and not one.by_case}
    type, text = request.GET.get("type", ""), request.GET.get("q", "").strip()
    asked = bool(text) and type in contracts
    rows = records_to_change(visit.scope, type=type, text=text) if asked else ()
    context = {
        "types": [(key, title, key == type) for key, title in delivered_types() if key in contracts],
        "text": text,
        "asked": asked,
        "rows": rows,
    }
    return render(request, "desk/find.html", context)


@officer(Act.SUBMIT)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """`/desk/records/<ref>/correct`: starts from what stands; what identifies the record stays."""
    line, contract, values = _standing(visit, ref)
    department = chosen_department(visit, str(line.department_id))
    form = EntryForm(contract, request.POST or None, initial=values, fixed=identifying(contract, values), sealed=True)
    if request.method == "POST" and form.is_valid():
        kept = sealed_values(visit.scope, batch_no=line.batch_no, row_no=line.row_no)
        delivery = _send(request, visit, form, contract, department, kept=kept)
        if delivery is not None:
            return _accepted(request, delivery, "已提交更正")
    context = {
        "form": form,
        "title": f"更正{contract.title}",
        "button": "提交更正",
        "contract": contract,
        "line": line,
        "entry": request.POST.get("entry") or uuid.uuid4().hex,
        "back": reverse("desk:find"),
    }
    return render(request, "desk/entry.html", context)


@officer(Act.SUBMIT)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """`/desk/records/<ref>/withdraw`: with the reason; the record leaves the public doors at once."""
    line, contract, values = _standing(visit, ref)
    department = chosen_department(visit, str(line.department_id))
    reason = request.POST.get("reason", "").strip()[:MOST_REASON]
    problems: tuple[FieldProblem, ...] = ()
    error = ""
    if request.method == "POST" and not reason:
        error = "请写明撤回的理由。"
    elif request.method == "POST":
        sender = Sender(department, Channel.FORM, visit.actor, visit.user)
        delivery = submit_single(
            type=contract.key,
            values={name: values.get(name, "") for name in naming(contract, values)} | {WITHDRAWAL_REASON: reason},
            operation=WITHDRAW,
            entry=request.POST.get("entry", ""),
            sender=sender,
            clock=clock.now,
        )
        problems = problems_of(visit.scope, delivery)
        if not problems and delivery.state == DeliveryState.DONE:
            return _accepted(request, delivery, "已撤回")
        error = "没有撤回。" + (f"{delivery.message}{delivery.advice}" if delivery.message else "")
    labels = {field.name: field for field in contract.fields}
    context = {
        "line": line,
        "contract": contract,
        "pairs": [(labels[name].label, shown(labels[name], values.get(name))) for name in naming(contract, values)],
        "problems": problems,
        "error": error,
        "reason": reason,
        "entry": request.POST.get("entry") or uuid.uuid4().hex,
    }
    return render(request, "desk/withdraw.html", context)


def _send(
    request: HttpRequest, visit: Visit, form: EntryForm, contract: Contract, department: Department,
    *, kept: dict[str, str],
) -> Delivery | None:  # fmt: skip
    """Check and submit; None when something must be put right, which then stands beside the fields."""
    typed = form.values()
    values = {**kept, **{name: text for name, text in typed.items() if text or name not in kept}}
    found = check_single(type=contract.key, values=values, operation=ASSERT, department=department, today=visit.today)
    errors = [problem for problem in found if problem.level == "error"]
    if errors:
        form.tell(errors)
        return None
    sender = Sender(department, Channel.FORM, visit.actor, visit.user)
    delivery = submit_single(
        type=contract.key, values=values, operation=ASSERT, entry=request.POST.get("entry", ""), sender=sender,
        clock=clock.now,
    )  # fmt: skip
    if delivery.state == DeliveryState.REFUSED:
        form.add_error(None, f"{delivery.message}{delivery.advice}")
        return None
    problems = problems_of(visit.scope, delivery)
    form.tell(problems)
    return None if problems else delivery


def _accepted(request: HttpRequest, delivery: Delivery, what: str) -> HttpResponse:
    batch = delivery.batch
    if batch is None:
        return redirect("desk:delivery", delivery.pk)
    waiting = "公示前须由本部门审核员放行。" if batch.held else ""
    same = "内容和已有的一样，没有改动。" if batch.unchanged else ""
    messages.success(request, f"{what}。{same}{waiting}")
    return redirect("desk:receipt", batch.number)


def _standing(visit: Visit, ref: str) -> tuple[RecordLine, Contract, dict[str, str]]:
    record_no = record_no_of(ref)
    line = record_line(visit.scope, record_no)
    contract = contract_of(line.type)
    return line, contract, form_values(contract, stated_values(visit.scope, record_no))
