"""Putting a subject on a list and taking it off, from the page of the penalty and of the case."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.determining import PersonForm
from xinheng.desk.queries import record_line
from xinheng.people.permissions import Act
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, StepForm, files_in, on_disk
from xinheng.proceedings.procedures import FormField, Procedure
from xinheng.proceedings.queries import OfferedList, determination_link, offered_lists, procedure_now
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.references import record_no_of

PREFIX = "open"
GROUND = "ground"


@officer(Act.ANSWER_CASE)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """`/desk/records/<ref>/determination`: the list, the facts, and for a named person a determination of her own."""
    number = record_no_of(ref)
    line = record_line(visit.scope, number)
    offered = offered_lists(visit.scope, number, by=visit.user, as_at=visit.today)
    if not offered:
        raise NotFound("这条信息不能由本部门据以列入名单。", "只有名单的规定写明由本部门认定、处罚符合条件的才能提出。")
    rules = procedure_now(visit.scope, "determination", as_at=visit.today)
    sent = request.POST if request.method == "POST" else None
    form = StepForm(_fields(rules, offered), sent, prefix=PREFIX)
    roles = tuple(dict.fromkeys(role for one in offered for role in one.persons))
    person = PersonForm(roles, sent)
    entry = _entry(request)
    if sent is not None:
        try:
            named = person.named()
            with on_disk(files_in(request.FILES, [("decision", "")])) as uploads:
                case = proceedings.open_determination(
                    record_no=number, stated=form.stated(), uploads=uploads, entry=entry, by=visit.user, now=visit.now,
                    person=named,
                )  # fmt: skip
        except StatedWrong as wrong:
            form.full_clean()
            form.tell(wrong)
            person.tell(wrong)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, f"已提出，案号 {case.number}。请作出事先告知书并送达。")
            return redirect("desk:case", case.pk)
    context = {
        "line": line,
        "offered": offered,
        "form": form,
        "person": person if roles else None,
        "entry": entry,
        "files_help": FILES_HELP,
    }
    return render(request, "desk/determination_new.html", context, status=400 if form.errors else 200)


@officer(Act.ANSWER_CASE)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/determinations/<id>/removal`: an application handed in on paper, or the department's own motion."""
    link = determination_link(visit.scope, id, by=visit.user, as_at=visit.today)
    rules = procedure_now(visit.scope, "removal", as_at=visit.today)
    sent = request.POST if request.method == "POST" else None
    form = StepForm([rules.field(key) for key in rules.opening.needs], sent, prefix=PREFIX)
    entry = _entry(request)
    if sent is not None:
        try:
            with on_disk(files_in(request.FILES, rules.attachments)) as uploads:
                case = proceedings.open_removal(
                    determination=id, stated=form.stated(), uploads=uploads, entry=entry, by=visit.user, now=visit.now
                )
        except StatedWrong as wrong:
            form.tell(wrong)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, f"已登记，案号 {case.number}，由两人决定。")
            return redirect("desk:case", case.pk)
    context = {
        "link": link,
        "form": form,
        "entry": entry,
        "kinds": [(kind, label) for kind, label in rules.attachments if kind != "answer"],
        "files_help": FILES_HELP,
    }
    return render(request, "desk/removal_new.html", context, status=400 if form.errors else 200)


def _fields(rules: Procedure, offered: tuple[OfferedList, ...]) -> list[FormField]:
    """The table's fields, with the lists that this penalty allows."""
    lists = tuple((one.key, one.title) for one in offered)
    found = [rules.field(key) for key in rules.opening.needs]
    return [FormField(one.key, one.label, one.kind, lists, one.help) if one.key == GROUND else one for one in found]


def _entry(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("entry", ""))
    except ValueError:
        return uuid.uuid4()
