"""信用承诺 at the desk: what is due, what was promised, letters taken at the counter, and who looked after them."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.clock import add_working_days
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.commitments import actions as promising
from xinheng.commitments.forms import CREDIT_CODE, IDENTIFIED, SIGNED_BY, LetterForm, entry_of
from xinheng.commitments.letters import Letter, LetterWrong
from xinheng.commitments.models import CommitmentEnd
from xinheng.commitments.queries import (
    LIMIT,
    ItemLine,
    commitment_page,
    commitments,
    coverage,
    follow_up,
    follow_ups,
    item,
    items,
    ratio,
)
from xinheng.commitments.rules import Template, template_on
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.commitments import DoubtForm, EndForm, KeptForm
from xinheng.desk.paging import address, whole
from xinheng.desk.purpose import log_reading
from xinheng.people.permissions import Act
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, files_in, on_disk
from xinheng.proceedings.promised import letter_pdf
from xinheng.proceedings.stating import StatedWrong

SOON = 10
"""Working days; what is due by then stands on the list."""
EVIDENCE = ("evidence", "检查记录和证据")
PURPOSE = "受理承诺、检查履行情况"


@officer(Act.READ_COMMITMENTS)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/commitments?q=&type=&before=`: what is due first, then what was promised."""
    text, type = request.GET.get("q", "").strip()[:100], request.GET.get("type", "")[:20]
    found = commitments(
        visit.scope, as_at=visit.today, type=type, text=text, before=whole(request.GET.get("before")), limit=LIMIT + 1
    )
    path, given = reverse("desk:commitments"), {"q": mask_text(text), "type": type}
    context = {
        "due": follow_ups(visit.scope, until=add_working_days(visit.today, SOON).day),
        "lines": found[:LIMIT],
        "next_url": address(path, given, before=str(found[LIMIT - 1].record_no)) if len(found) > LIMIT else "",
        "q": mask_text(text),
        "items": [one for one in items(visit.scope, as_at=visit.today) if one.template],
        "ratio": ratio(visit.scope),
        "coverage": coverage(visit.scope, as_at=visit.today),
        "may_handle": visit.may(Act.HANDLE_COMMITMENTS),
        "may_members": visit.may(Act.MANAGE_MEMBERS),
        "today": visit.today,
    }
    return render(request, "desk/commitments.html", context)


@officer(Act.HANDLE_COMMITMENTS)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """`/desk/commitments/new/<item>`: a letter for one who came to the counter; printed, signed and sealed, taken."""
    chosen = item(visit.scope, code, as_at=visit.today)
    template = template_on(settings.PACK, chosen.item.template, visit.today)
    form = LetterForm(template, request.POST if request.method == "POST" else None, counter=True)
    letter = None
    if request.method == "POST":
        typed = form.typed()
        try:
            letter = promising.prepare(
                item=code, typed=typed, credit_code=typed[CREDIT_CODE].strip(), region=visit.user.region, now=visit.now
            )
            if request.POST.get("step") == "sign":
                made = promising.sign_at_counter(
                    promise=promising.Promise(
                        code, typed, typed[SIGNED_BY], request.POST.get("shown", ""),
                        entry_of(request.POST.get("entry", "")),
                    ),
                    counter=promising.Counter(typed[CREDIT_CODE].strip(), typed[IDENTIFIED]), by=visit.user,
                    now=visit.now,
                )  # fmt: skip
                messages.success(request, f"已受理，承诺编码 {made.number}。")
                return redirect("desk:commitment", made.pk)
        except LetterWrong as wrong:
            form.tell(wrong.problems)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
    return _letter_page(request, chosen, template, form, letter)


@officer(Act.READ_COMMITMENTS)
@require_safe
def commitment(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/commitments/<id>`"""
    page = commitment_page(visit.scope, id, as_at=visit.today)
    log_reading(visit, PURPOSE, object_type="record", object_id=str(page.line.record_no))
    context = {"page_": page, "line": page.line, "form": EndForm(), "may_handle": visit.may(Act.HANDLE_COMMITMENTS)}
    return render(request, "desk/commitment.html", context)


@officer(Act.READ_COMMITMENTS)
@require_safe
def copy(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """The letter as PDF."""
    page = commitment_page(visit.scope, id, as_at=visit.today)
    log_reading(visit, PURPOSE, object_type="record", object_id=str(page.line.record_no))
    response = HttpResponse(letter_pdf(page), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'信用承诺书 {page.line.number}.pdf')}"
    return response


@officer(Act.HANDLE_COMMITMENTS)
@require_POST
def end(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """End a commitment before its last day."""
    commitment_page(visit.scope, id, as_at=visit.today)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有终止：请选择原因并写明说明。")
        return redirect("desk:commitment", id)
    try:
        promising.end_commitment(
            commitment=id, reason=CommitmentEnd(form.cleaned_data["reason"]), why=form.cleaned_data["why"],
            by=visit.user, now=visit.now,
        )  # fmt: skip
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已终止，公示的已停止公示。")
    return redirect("desk:commitment", id)


@officer(Act.HANDLE_COMMITMENTS)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/commitments/follow-ups/<id>`: everything was kept, or a case with notice and hearing begins."""
    task = follow_up(visit.scope, id)
    doubting = request.POST.get("step") == "doubt"
    kept = KeptForm(request.POST if request.method == "POST" and not doubting else None, prefix="kept")
    doubt = DoubtForm(request.POST if doubting else None, prefix="doubt")
    form = doubt if doubting else kept
    if request.method == "POST" and form.is_valid():
        try:
            if doubting:
                return _doubt(request, visit, task.record_no, doubt)
            promising.find_kept(follow_up=id, found=form.cleaned_data["found"], by=visit.user, now=visit.now)
        except StatedWrong as wrong:
            form.add_error(None, wrong.advice)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, "已登记全部履行。")
            return redirect("desk:commitments")
    if task.done_at is not None:
        raise NotFound("这项检查已经办理。", "请从“信用承诺”页重新进入。")
    context = {
        "task": task,
        "kept": kept,
        "doubt": doubt,
        "doubting": doubting,
        "files_help": FILES_HELP,
        "entry": entry_of(request.POST.get("entry", "")),
    }
    return render(request, "desk/commitment_look.html", context, status=400 if form.errors else 200)


def _doubt(request: HttpRequest, visit: Visit, record_no: int, form: DoubtForm) -> HttpResponse:
    with on_disk(files_in(request.FILES, [EVIDENCE])) as uploads:
        case = proceedings.open_breach(
            record_no=record_no, found=form.cleaned_data["found"], reason=form.cleaned_data["reason"], uploads=uploads,
            entry=entry_of(request.POST.get("entry", "")), by=visit.user, now=visit.now,
        )  # fmt: skip
    messages.success(request, f"已告知承诺单位，案号 {case.number}。说明以后由两人认定。")
    return redirect("desk:case", case.pk)


def _letter_page(
    request: HttpRequest, chosen: ItemLine, template: Template, form: LetterForm, letter: Letter | None
) -> HttpResponse:
    context = {
        "chosen": chosen,
        "template": template,
        "form": form,
        "letter": letter,
        "entry": entry_of(request.POST.get("entry", "")),
    }
    return render(request, "desk/commitment_new.html", context, status=400 if form.errors else 200)
