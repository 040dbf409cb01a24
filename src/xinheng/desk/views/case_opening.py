"""Cases from outside: opened at the counter, registered from another channel, and results of the national entrance."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.desk.access import Visit, officer
from xinheng.desk.queries import RecordLine, record_line
from xinheng.people.permissions import Act
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, StepForm, files_in, on_disk
from xinheng.proceedings.models import CaseChannel
from xinheng.proceedings.procedures import Procedure
from xinheng.proceedings.queries import Eligibility, cases_of_record, procedure_now, repair_eligibility
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.references import record_no_of

OFFERED = ("objection", "repair", "shield", "complaint", "remedy")
WITHOUT_RECORD = ("objection", "complaint", "remedy")
PREFIX = "open"
FROM_OFFICES = frozenset({"answer", "result", "commitment"})
"""Kinds of attachment that no applicant brings; the commitment is signed in the form."""
CHANNELS = tuple(one for one in CaseChannel if one not in (CaseChannel.CENTRE, CaseChannel.LOG, CaseChannel.DUTY))


@dataclass(frozen=True)
class Typed:
    """What stands beside the table's own fields; kept when something is wrong."""

    channel: str
    identified: str
    contact: str
    entry: str
    target: str = ""
    credit_code: str = ""


@officer(Act.HANDLE_CASE, Act.ANSWER_CASE)
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest, visit: Visit, procedure: str, ref: str = "") -> HttpResponse:
    """`/desk/records/<ref>/new/<procedure>`, and `/desk/cases/new/<procedure>` where there is no record."""
    if procedure not in (OFFERED if ref else WITHOUT_RECORD):
        raise NotFound("没有这类事项。", "请从记录页面重新进入。")
    if not ref or procedure != "remedy":
        visit.require(Act.HANDLE_CASE)
    number = record_no_of(ref) if ref else None
    line = record_line(visit.scope, number) if number is not None else None
    rules = procedure_now(visit.scope, procedure, as_at=visit.today)
    asked = procedure == "repair" and number is not None
    told = repair_eligibility(visit.scope, number or 0, as_at=visit.today) if asked else None
    fields = [rules.field(key) for key in rules.opening.needs]
    form = StepForm(fields, request.POST if request.method == "POST" else None, prefix=PREFIX)
    typed = _typed(request)
    if request.method == "POST":
        opened = _open(request, visit, form, typed, rules, number)
        if opened is not None:
            return render(request, "desk/case_opened.html", {"opened": opened, "line": line, "procedure": rules})
    return _page(request, visit, form, typed, rules, line, told, number)


@officer(Act.HANDLE_CASE)
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/cases/results`: take over a file of results; each row is told whether it was taken."""
    error, rows = "", None
    sent = [("result", one) for one in request.FILES.getlist("file")][:1]
    if request.method == "POST" and not sent:
        error = "请选择结果文件。"
    elif request.method == "POST":
        try:
            with on_disk(sent) as uploads:
                rows = proceedings.import_results(path=uploads[0].path, by=visit.user, now=visit.now)
        except Refused as refusal:
            error = f"没有导入：{refusal.message}{refusal.advice}"
    taken = sum(one.taken for one in rows or ())
    return render(request, "desk/case_results.html", {"rows": rows, "taken": taken, "error": error})


def _open(
    request: HttpRequest, visit: Visit, form: StepForm, typed: Typed, rules: Procedure, number: int | None
) -> proceedings.Opened | None:
    try:
        with on_disk(files_in(request.FILES, rules.attachments)) as uploads:
            application = proceedings.Application(
                procedure=rules.key,
                record_no=number,
                stated=form.stated(),
                channel=CaseChannel(typed.channel) if typed.channel in CHANNELS else CaseChannel.COUNTER,
                entry=uuid.UUID(typed.entry),
                identified=typed.identified,
                contact=typed.contact,
                target=typed.target,
                credit_code=typed.credit_code,
                uploads=uploads,
            )
            return proceedings.open_case(application=application, by=visit.user, now=visit.now)
    except StatedWrong as wrong:
        form.tell(wrong)
    except (Refused, Conflict) as refusal:
        form.add_error(None, f"{refusal.message}{refusal.advice}")
    return None


def _page(
    request: HttpRequest, visit: Visit, form: StepForm, typed: Typed, rules: Procedure, line: RecordLine | None,
    told: Eligibility | None, number: int | None,
) -> HttpResponse:  # fmt: skip
    needed = set(rules.opening.documents)
    offered = [(kind, label) for kind, label in rules.attachments if kind not in FROM_OFFICES]
    context = {
        "form": form,
        "typed": typed,
        "procedure": rules,
        "line": line,
        "told": told,
        "channels": CHANNELS,
        "kinds": [(kind, label, kind in needed) for kind, label in offered],
        "files_help": FILES_HELP,
        "running": [one for one in cases_of_record(visit.scope, number, today=visit.today) if not one.final]
        if number is not None
        else [],
    }
    return render(request, "desk/case_new.html", context, status=400 if form.is_bound else 200)


def _typed(request: HttpRequest) -> Typed:
    given = request.POST
    entry = given.get("entry", "")
    try:
        uuid.UUID(entry)
    except ValueError:
        entry = str(uuid.uuid4())
    return Typed(
        given.get("channel", CaseChannel.COUNTER.value), given.get("identified", "")[:100],
        given.get("contact", "")[:200], entry, given.get("target", "")[:300], given.get("credit_code", "").strip()[:18],
    )  # fmt: skip
