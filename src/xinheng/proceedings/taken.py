"""A step that was just taken, as its consequences see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.audit.actor import Actor
from xinheng.people.models import User
from xinheng.proceedings.models import Case, CaseEvent


@dataclass(frozen=True)
class Taken:
    """A step just taken: the case in its new state, the event's row, who, when."""

    case: Case
    event: CaseEvent
    stated: Mapping[str, str]
    by: Actor
    user: User | None
    now: datetime
    day: date
