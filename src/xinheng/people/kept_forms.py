"""What somebody typed when her login had run out: kept in the new session, so that nothing has to be typed again.

Passwords, codes, files and fields with a citizen number in them are not kept. The rest is offered once after the login
in the same browser, for half an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from xinheng.base.masking import Kind, find_personal_numbers

KEY = "kept_form"
PATIENCE = timedelta(minutes=30)
LARGEST = 50_000
"""Characters; of a longer form nothing is kept."""
_NEVER = frozenset({"csrfmiddlewaretoken", "code", "word", "old", "citizen_number"})


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: where to, and the fields in their order. `files` says that some were not kept."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def keep(request: HttpRequest, now: datetime) -> bool:
    """Keep the form of this request; False when there is nothing to keep, or too much."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name not in _NEVER and "password" not in name
        for value in values
        if not _names_a_person(value)
    ]
    if request.method != "POST" or not fields or sum(len(value) for _, value in fields) > LARGEST:
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
        "until": (now + PATIENCE).isoformat(),
    }
    return True


def _names_a_person(value: str) -> bool:
    return any(found.kind is Kind.CITIZEN_NUMBER for found in find_personal_numbers(value))


def take(request: HttpRequest, now: datetime) -> KeptForm | None:
    """The form kept in this session, once; None when there is none or it waited too long."""
    kept = request.session.pop(KEY, None)
    if kept is None or datetime.fromisoformat(kept["until"]) < now:
        return None
    return KeptForm(kept["path"], tuple((name, value) for name, value in kept["fields"]), kept["files"])
