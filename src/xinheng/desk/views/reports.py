"""Issuing credit reports at the counter."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import address, whole
from xinheng.desk.tables import Cell, Table, day, download, moment, table
from xinheng.people.permissions import Act
from xinheng.products.actions import issue_report
from xinheng.products.models import ReportKind
from xinheng.products.queries import ReportLine, issued_reports

PAGE = 50
PDF = "application/pdf"


class ReportForm(forms.Form):
    """For which organisation, in which version, what for."""

    code = forms.CharField(
        label="统一社会信用代码", max_length=40, help_text="只为单位出具。自然人没有信用报告，不要输入身份证号码。"
    )
    kind = forms.ChoiceField(label="版本", choices=ReportKind.choices, widget=forms.RadioSelect, initial="plain")
    purpose = forms.CharField(label="用途", max_length=200, help_text="例如：招标投标、申请资金。会印在报告上。")


@officer(Act.ISSUE_REPORTS)
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/reports?before=`: the form, and what was issued so far."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_report(
                credit_code=form.cleaned_data["code"],
                kind=form.cleaned_data["kind"],
                purpose=form.cleaned_data["purpose"],
                by=visit.actor,
                now=visit.now,
                today=visit.today,
                region=visit.user.region,
            )
        except (Refused, NotFound, WrongUsage) as refusal:
            return _page(request, visit, _emptied(form), refusal)
        return download(issued.content, issued.name, PDF)
    return _page(request, visit, form, None)


def _emptied(form: ReportForm) -> ReportForm:
    """The form without the code and the purpose that was refused, which may be a person's number."""
    return ReportForm(initial={"kind": form.cleaned_data["kind"]})


def _page(
    request: HttpRequest, visit: Visit, form: ReportForm, refusal: Refused | NotFound | WrongUsage | None
) -> HttpResponse:
    found = issued_reports(visit.scope, before=whole(request.GET.get("before")), limit=PAGE + 1)
    path = reverse("desk:reports")
    context = {
        "form": form,
        "refusal": refusal,
        "table": _table(found[:PAGE]),
        "next_url": address(path, {}, before=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": path if request.GET.get("before") else "",
    }
    return render(request, "desk/reports.html", context, status=400 if refusal else 200)


def _table(rows: tuple[ReportLine, ...]) -> Table:
    return table(
        "已出具的报告",
        ("单位", "版本", "报告编号", "用途", "出具", "有效期至"),
        (
            (
                Cell(row.organisation_name, note=row.credit_code),
                Cell(row.kind_label),
                Cell(row.number, unbroken=True),
                Cell(row.purpose),
                Cell(moment(row.issued_at).text, note=row.issued_by),
                day(row.valid_until),
            )
            for row in rows
        ),
    )
