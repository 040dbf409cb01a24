"""What an officer reads records for: chosen once, kept for the session, written to the log with every reading."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from xinheng.audit.actions import record
from xinheng.desk.access import Visit
from xinheng.people.purposes import Purpose, logged, purposes, told

KEY = "reading_purpose"


@dataclass(frozen=True)
class GivenPurpose:
    """The purpose of a session: one of the list, and the officer's own words."""

    purpose: Purpose
    note: str

    @property
    def logged(self) -> str:
        """As the log keeps it."""
        return logged(self.purpose.key, self.note)

    def __str__(self) -> str:
        return told(self.logged, settings.PACK)


def purpose_of(request: HttpRequest) -> GivenPurpose | None:
    """The purpose given in this session; None when none was."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    found = purposes(settings.PACK).get(kept["key"])
    return GivenPurpose(found, str(kept["note"])) if found else None


def keep_purpose(request: HttpRequest, *, key: str, note: str) -> None:
    """Note the purpose for this session."""
    request.session[KEY] = {"key": key, "note": note.strip()}


def ask_purpose(request: HttpRequest) -> HttpResponse:
    """To the page that asks for a purpose, and back from there."""
    return HttpResponseRedirect(f"{reverse('desk:purpose')}?{urlencode({'next': request.get_full_path()})}")


def log_reading(visit: Visit, purpose: str, *, object_type: str, object_id: str) -> None:
    """Keep who read what, and for what: `GivenPurpose.logged`, or a text where the page itself is the purpose."""
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
