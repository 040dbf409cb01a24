"""信用承诺: what the organisation may promise, the letter to read before it is signed, and what it promised."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.base.errors import Conflict, Refused
from xinheng.centre.access import Visit, organisation_user
from xinheng.centre.queries import name_of
from xinheng.commitments import actions as promising
from xinheng.commitments.forms import SIGNED_BY, LetterForm, entry_of
from xinheng.commitments.letters import Letter, LetterWrong
from xinheng.commitments.models import CommitmentEnd
from xinheng.commitments.queries import ItemLine, commitment_page, item, items, own_commitments
from xinheng.commitments.rules import Template, template_on
from xinheng.proceedings.promised import letter_pdf


@organisation_user
@require_safe
def commitment_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/commitments`: what was promised, and what may be."""
    context = {
        "lines": own_commitments(visit.scope, credit_code=visit.credit_code, as_at=visit.today),
        "items": [one for one in items(visit.scope, as_at=visit.today) if one.template],
    }
    return render(request, "centre/commitments.html", context)


@organisation_user
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """`/centre/commitments/new/<item>`: fill in, read the letter as it will stand, sign it."""
    chosen = item(visit.scope, code, as_at=visit.today)
    template = template_on(settings.PACK, chosen.item.template, visit.today)
    name = name_of(visit.scope, visit.credit_code)
    form = LetterForm(template, request.POST if request.method == "POST" else None, name=name)
    letter = None
    if request.method == "POST":
        try:
            letter = promising.prepare(
                item=code, typed=form.typed(), credit_code=visit.credit_code, region=visit.membership.region,
                now=visit.now,
            )  # fmt: skip
            if request.POST.get("step") == "sign":
                made = promising.sign_online(
                    promise=_promise(request, code, form), membership=visit.membership, now=visit.now
                )
                messages.success(request, f"已签署，承诺编码 {made.number}。")
                return redirect("centre:commitment", made.pk)
        except LetterWrong as wrong:
            form.tell(wrong.problems)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
    return _page(request, chosen, template, form, letter)


@organisation_user
@require_safe
def commitment(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/centre/commitments/<id>`"""
    page = commitment_page(visit.scope, id, as_at=visit.today, credit_code=visit.credit_code)
    return render(request, "centre/commitment.html", {"page_": page, "line": page.line})


@organisation_user
@require_safe
def copy(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """The letter as PDF."""
    page = commitment_page(visit.scope, id, as_at=visit.today, credit_code=visit.credit_code)
    response = HttpResponse(letter_pdf(page), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'信用承诺书 {page.line.number}.pdf')}"
    return response


@organisation_user
@require_POST
def withdraw(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Take back what nothing was granted on."""
    commitment_page(visit.scope, id, as_at=visit.today, credit_code=visit.credit_code)
    try:
        promising.end_commitment(
            commitment=id, reason=CommitmentEnd.WITHDRAWN, why=request.POST.get("why", ""), by=visit.user, now=visit.now
        )
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已撤回，不再公开。")
    return redirect("centre:commitment", id)


def _promise(request: HttpRequest, code: str, form: LetterForm) -> promising.Promise:
    typed = form.typed()
    return promising.Promise(
        code, typed, typed[SIGNED_BY], request.POST.get("shown", ""), entry_of(request.POST.get("entry", ""))
    )


def _page(
    request: HttpRequest, chosen: ItemLine, template: Template, form: LetterForm, letter: Letter | None
) -> HttpResponse:
    context = {
        "chosen": chosen,
        "template": template,
        "form": form,
        "letter": letter,
        "entry": entry_of(request.POST.get("entry", "")),
    }
    return render(request, "centre/commitment_form.html", context, status=400 if form.errors else 200)
