"""What an officer reads records for: asked once, kept for the session, written to the log with every reading."""

from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from xinheng.audit.actions import record
from xinheng.desk.access import Visit

KEY = "reading_purpose"
LONGEST = 100


def purpose_of(request: HttpRequest) -> str:
    """The purpose given in this session; empty when none was."""
    return str(request.session.get(KEY, ""))


def ask_purpose(request: HttpRequest) -> HttpResponse:
    """To the page that asks for a purpose, and back from there."""
    return HttpResponseRedirect(f"{reverse('desk:purpose')}?{urlencode({'next': request.get_full_path()})}")


def log_reading(visit: Visit, purpose: str, *, object_type: str, object_id: str) -> None:
    """Keep who read what, and for what."""
    with transaction.atomic():
        record(
            act="desk.read",
            by=visit.actor,
            now=visit.now,
            region_id=visit.user.region_id,
            object_type=object_type,
            object_id=object_id,
            purpose=purpose,
        )
