"""Sending a file: choose, watch, decide unclear columns."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.middleware import HtmxDetails

from xinheng.base.errors import Refused
from xinheng.catalogue.headers import LEAVE_OUT, match_headers, suggest_fields
from xinheng.catalogue.template import template_bytes
from xinheng.desk.access import Visit, officer
from xinheng.desk.departments import chosen_department, own_departments
from xinheng.desk.forms.upload import UploadForm
from xinheng.desk.record_types import delivered_types
from xinheng.desk.source_headers import delivered, source_headers
from xinheng.desk.tables import XLSX, download
from xinheng.intake.actions.delivering import Sender, choose_mapping, contract_of
from xinheng.intake.headings import OWN_COLUMNS
from xinheng.intake.jobs import enqueue, submit
from xinheng.intake.models import DeliveryState
from xinheng.intake.queries import delivery as find_delivery
from xinheng.ledger.models import Channel
from xinheng.people.permissions import Act

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Column:
    """One column of the file on the mapping page."""

    position: int
    heading: str
    chosen: str
    suggestions: tuple[tuple[str, str], ...]
    why: str


@officer(Act.SUBMIT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/upload`"""
    types = delivered_types()
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        types=types,
        departments=[(str(one.id), one.name) for one in own_departments(visit)],
        initial={"department": str(visit.user.department_id), "type": request.GET.get("type", "")},
    )
    if request.method == "POST" and form.is_valid():
        sender = Sender(
            chosen_department(visit, form.cleaned_data["department"]), Channel.DESK, visit.actor, visit.user
        )
        sent: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            with _on_disk(sent) as path:
                found = submit(
                    path=path,
                    file_name=sent.name or "文件",
                    type=form.cleaned_data["type"],
                    sender=sender,
                    now=visit.now,
                )
        except Refused as refusal:
            form.add_error("file", f"没有收下这份文件：{refusal.message}{refusal.advice}")
        else:
            return redirect("desk:delivery", found[0].pk) if len(found) == 1 else redirect("desk:deliveries")
    return render(request, "desk/upload.html", {"form": form, "templates": types})


@officer(Act.SUBMIT)
@require_safe
def template(request: HttpRequest, visit: Visit, type: str) -> HttpResponse:
    """`/desk/templates/<type>.xlsx`: what a department fills in."""
    contract = contract_of(type)
    return download(template_bytes(contract, settings.PACK), f"{contract.title}报送模板.xlsx", XLSX)


@officer(Act.READ_RECEIPTS)
@require_safe
def delivery(request: HttpRequest, visit: Visit, id: uuid.UUID) -> HttpResponse:
    """`/desk/deliveries/<id>`: progress until there is a receipt, or the sentence that says why there is none."""
    found = find_delivery(visit.scope, id)
    goal = ""
    if found.state is DeliveryState.DONE and found.batch_no is not None:
        goal = reverse("desk:receipt", args=[found.batch_no])
    elif found.state is DeliveryState.MAPPING and visit.may(Act.SUBMIT):
        goal = reverse("desk:columns", args=[found.id])
    by_script = bool(HtmxDetails(request))
    if goal and by_script:
        return HttpResponse(headers={"HX-Redirect": goal})
    if goal:
        return redirect(goal)
    running = found.state in (DeliveryState.WAITING, DeliveryState.RUNNING)
    part = "desk/parts/progress.html" if by_script else "desk/delivery.html"
    return render(request, part, {"delivery": found, "running": running})


@officer(Act.SUBMIT)
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, visit: Visit, id: uuid.UUID) -> HttpResponse:
    """`/desk/deliveries/<id>/columns`: which column is which field; remembered for files of the same shape."""
    found = delivered(visit.scope, id)
    if found.state != DeliveryState.MAPPING:
        return redirect("desk:delivery", found.pk)
    headers = source_headers(found)
    error = ""
    if request.method == "POST":
        mapping = {
            heading: request.POST.get(f"c{position}", LEAVE_OUT)
            for position, heading in enumerate(headers)
            if f"c{position}" in request.POST
        }
        try:
            with transaction.atomic():
                enqueue(choose_mapping(delivery=found, mapping=mapping, headers=headers, by=visit.user, now=visit.now))
        except Refused as refusal:
            error = f"{refusal.message}{refusal.advice}"
        else:
            return redirect("desk:delivery", found.pk)
    contract = contract_of(found.type)
    match = match_headers(headers, contract, OWN_COLUMNS | (found.mapping or {}))
    claimed = dict(match.mapping)
    unclear = set(match.unknown) | set(match.other_unit)
    unclear |= {heading for one in match.ambiguous for heading in one.headers} | set(match.repeated)
    labels = {field.name: field.label for field in contract.fields}
    shown = [
        Column(
            position,
            heading,
            request.POST.get(f"c{position}", claimed.get(heading, "")),
            tuple((name, labels[name]) for name in suggest_fields(heading, contract, claimed.values())),
            _why(heading, match.other_unit, match.repeated, [one.headers for one in match.ambiguous]),
        )
        for position, heading in enumerate(headers)
        if heading in unclear
    ]
    context = {
        "delivery": find_delivery(visit.scope, id),
        "columns": shown,
        "recognised": [(heading, labels[name]) for heading, name in claimed.items() if heading not in unclear],
        "fields": [(field.name, field.label, field.required == "always") for field in contract.fields],
        "missing": [labels[name] for name in match.missing_required],
        "error": error,
    }
    return render(request, "desk/columns.html", context)


def _why(heading: str, other_unit: tuple[str, ...], repeated: tuple[str, ...], claims: list[tuple[str, ...]]) -> str:
    if heading in other_unit:
        return "像是金额，但单位和标准不同；换算后再报送，或者不采用"
    if heading in repeated:
        return "这个列名在文件里出现了两次"
    if any(heading in one for one in claims):
        return "有多列都像同一个字段，只能选一列"
    return "认不出是哪个字段"


@contextmanager
def _on_disk(sent: "UploadedFile[bytes]") -> Iterator[Path]:
    """The uploaded bytes as a file of the home's temporary folder, gone afterwards."""
    path: Path = settings.HOME.tmp / f"upload-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as target:
            for chunk in sent.chunks(_CHUNK):
                target.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)
