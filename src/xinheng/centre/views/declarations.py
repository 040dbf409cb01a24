"""自主申报: what the organisation says of itself, declared with evidence and pledge, changed, and followed."""

import uuid
from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.centre.access import Visit, organisation_user
from xinheng.centre.queries import name_of
from xinheng.declarations.declaring import LONGEST, DeclaredWrong
from xinheng.declarations.queries import kind, kinds, own_declarations, pledge_now, versions_of
from xinheng.declarations.rules import DeclarationKind
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, files_in, on_disk
from xinheng.proceedings.queries import CasePage, case_page, cases_of
from xinheng.proceedings.stating import StatedWrong

PROCEDURE, CHANGE = "declaration", "change"
PREFIX = "declared"
EVIDENCE = ("evidence", "证明材料")
_DAYS = ("obtained_on", "valid_to")


class DeclarationForm(forms.Form):
    """What a kind asks for. It judges nothing: the action does, and `tell` puts its words beside the fields."""

    use_required_attribute = False

    def __init__(
        self, chosen: DeclarationKind, data: Mapping[str, object] | None, *, initial: Mapping[str, str], name: str
    ) -> None:
        super().__init__(data, prefix=PREFIX, initial=dict(initial))
        for key, label in chosen.labels.items():
            self.fields[key] = forms.CharField(
                label=label, required=False, strip=False, widget=_widget(key),
                help_text="" if key in chosen.needs else "可以不填。",
            )  # fmt: skip
        self.fields["signed_by"] = forms.CharField(
            label="承诺单位的全称", required=False, strip=False, widget=_widget("signed_by"),
            help_text=f"填写“{name}”，表示已经阅读并作出上面的承诺。",
        )  # fmt: skip

    def statement(self) -> proceedings.Statement:
        """Everything that was typed, as it was typed."""
        self.full_clean()
        typed = {name: str(self.data.get(self.add_prefix(name), "")) for name in self.fields}
        return proceedings.Statement(typed, typed["signed_by"])

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put each problem beside its field."""
        for key, problem in problems.items():
            self.add_error(key if key in self.fields else None, problem)


@organisation_user
@require_safe
def declaration_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/declarations`: what was declared, and what may be."""
    numbers = {
        one.number: one.id
        for one in cases_of(visit.scope, credit_code=visit.credit_code, today=visit.today)
        if one.procedure == PROCEDURE
    }
    lines = own_declarations(visit.scope, credit_code=visit.credit_code, as_at=visit.today)
    context = {"lines": [(one, numbers[one.case_number]) for one in lines], "kinds": kinds(visit.scope)}
    return render(request, "centre/declarations.html", context)


@organisation_user
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """`/centre/declarations/new/<kind>`; what was typed stays when something is wrong."""
    chosen = kind(visit.scope, key)
    form = _form(request, visit, chosen, {})
    entry = _entry(request)
    if request.method == "POST":
        try:
            with on_disk(files_in(request.FILES, [EVIDENCE])) as uploads:
                opened = proceedings.open_declaration(
                    kind=key, statement=form.statement(), uploads=uploads, entry=uuid.UUID(entry),
                    membership=visit.membership, now=visit.now,
                )  # fmt: skip
        except (DeclaredWrong, StatedWrong) as wrong:
            form.tell(wrong.problems)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, f"已申报，编号 {opened.case.number}。核验通过以前不公开、不使用。")
            return redirect("centre:case", opened.case.pk)
    return _page(request, visit, chosen, form, {"entry": entry})


@organisation_user
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/centre/declarations/<case>/change`: starts from what stands; it has to be verified anew."""
    page = _own(visit, id)
    stands = versions_of(visit.scope, page.line.number, as_at=visit.today)[0]
    form = _form(request, visit, stands.kind, dict(stands.typed))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            with on_disk(files_in(request.FILES, [EVIDENCE])) as uploads:
                proceedings.change_declaration(
                    case=id, statement=form.statement(), uploads=uploads, by=visit.user, now=visit.now,
                    seen=int(seen) if seen.isdecimal() and len(seen) < 16 else None,
                )  # fmt: skip
        except (DeclaredWrong, StatedWrong) as wrong:
            form.tell(wrong.problems)
        except (Refused, Conflict) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, "已变更，等待重新核验。")
            return redirect("centre:case", id)
    return _page(request, visit, stands.kind, form, {"line": page.line, "seen": page.seen, "stands": stands})


def _own(visit: Visit, id: int) -> CasePage:
    """The case of an own declaration that may be changed now."""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    if page.line.credit_code != visit.credit_code or page.line.procedure != PROCEDURE:
        raise NotFound("没有这项申报。", "请从“自主申报”页重新进入。")
    if not any(step.event == CHANGE for step in page.steps):
        raise Conflict(f"现在的状态是“{page.line.public_title}”，不能变更。", "可以另行申报。")
    return page


def _form(request: HttpRequest, visit: Visit, chosen: DeclarationKind, initial: Mapping[str, str]) -> DeclarationForm:
    data = request.POST if request.method == "POST" else None
    return DeclarationForm(chosen, data, initial=initial, name=name_of(visit.scope, visit.credit_code))


def _page(
    request: HttpRequest, visit: Visit, chosen: DeclarationKind, form: DeclarationForm, more: Mapping[str, object]
) -> HttpResponse:
    context = {
        "kind": chosen,
        "form": form,
        "pledge": pledge_now(visit.scope, as_at=visit.today),
        "files_help": FILES_HELP,
        **more,
    }
    return render(request, "centre/declaration_form.html", context, status=400 if form.is_bound else 200)


def _widget(key: str) -> forms.Widget:
    if key in _DAYS:
        return forms.DateInput(attrs={"type": "date"})
    if key == "statement":
        return forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST["statement"]})
    return forms.TextInput(attrs={"maxlength": LONGEST.get(key, 200), "autocomplete": "off"})


def _entry(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("entry", "")))
    except ValueError:
        return str(uuid.uuid4())
