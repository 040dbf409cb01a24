"""Files of codes at the counter: sent for one item, followed, fetched by whoever sent them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.middleware import HtmxDetails

from xinheng.base.errors import Refused, WrongUsage
from xinheng.checks.asking import errand
from xinheng.checks.code_files import KEPT_DAYS, MOST_IN_FILE
from xinheng.checks.jobs import submit_codes
from xinheng.checks.models import FileState
from xinheng.checks.queries import FileOfCodes, answers_of, file_of, files_of
from xinheng.desk.access import Visit, officer
from xinheng.desk.tables import Cell, Table, day, number, table
from xinheng.desk.views.checks import ErrandForm, asker_of, choices_for
from xinheng.people.permissions import Act

_STATUS = {FileState.DONE: "done", FileState.FAILED: "overdue", FileState.ENDED: "ended"}
_CSV = "text/csv; charset=utf-8"
_CHUNK = 1024 * 1024


class CodesForm(ErrandForm):
    """One file for one item."""

    file = forms.FileField(
        label="文件",
        help_text=f"CSV、TXT 或 XLSX，第一列是统一社会信用代码，每行一个，最多 {MOST_IN_FILE:,} 个。不要放身份证号码。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": "请选择要核查的文件。", "empty": "文件是空的，里面没有内容。"},
    )
    field_order = ("file", "item", "purpose", "case_no")


@officer(Act.CHECK)
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/checks/files`: send a file, and the files this officer sent before."""
    asker, initial = asker_of(visit), {"purpose": "service"}
    form = CodesForm(
        request.POST or None, request.FILES or None, initial=initial, choices=choices_for(visit.scope, asker)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            about = errand(
                asker=asker, item=given["item"], case_no=given["case_no"], purpose=given["purpose"], pack=settings.PACK
            )
            with _on_disk(given["file"]) as path:
                sent = submit_codes(
                    about=about, path=path, file_name=given["file"].name or "文件", home=settings.HOME, now=visit.now
                )
        except (Refused, WrongUsage) as refusal:
            form.add_error("file", f"没有收下这份文件：{refusal.message}{refusal.advice}")
        else:
            return redirect("desk:check_file", sent.pk)
    own = files_of(visit.scope, asker, home=settings.HOME)
    context = {"form": form, "table": _table(own), "kept_days": KEPT_DAYS}
    return render(request, "desk/check_files.html", context, status=400 if form.errors else 200)


@officer(Act.CHECK)
@require_safe
def one(request: HttpRequest, visit: Visit, id: uuid.UUID) -> HttpResponse:
    """`/desk/checks/files/<id>`: progress, then the sentence, the answers and the receipt."""
    found = file_of(visit.scope, asker_of(visit), id, home=settings.HOME)
    part = "desk/parts/check_file.html" if HtmxDetails(request) else "desk/check_file.html"
    return render(request, part, {"file": found})


@officer(Act.CHECK)
@require_safe
def result(request: HttpRequest, visit: Visit, id: uuid.UUID) -> FileResponse:
    """`/desk/checks/files/<id>.csv`: the answers, for whoever sent the file."""
    path = answers_of(visit.scope, asker_of(visit), id, home=settings.HOME)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename="核查结果.csv", content_type="text/csv; charset=utf-8"
    )


def _table(own: tuple[FileOfCodes, ...]) -> Table:
    return table(
        "提交过的文件",
        ("文件", "提交时间", "代码", "状态", "有结果", "保留到"),
        (
            (
                Cell(one.file_name, url=reverse("desk:check_file", args=[one.id])),
                day(one.received_at),
                number(one.codes),
                Cell(one.state.label, status=_STATUS.get(one.state, "waiting")),
                Cell("—") if one.hits is None else number(one.hits),
                day(one.ends_on),
            )
            for one in own
        ),
    )


@contextmanager
def _on_disk(sent: "UploadedFile[Any]") -> Iterator[Path]:
    """The uploaded bytes as a file of the home's temporary folder, gone afterwards."""
    path: Path = settings.HOME.tmp / f"codes-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as target:
            for chunk in sent.chunks(_CHUNK):
                target.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)
