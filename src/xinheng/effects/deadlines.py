"""How long recipients have to confirm, by the rule of the day."""

from datetime import date

from django.conf import settings

from xinheng.base.clock import add_working_days
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import value_at

ACKNOWLEDGE, REMIND = "retraction_acknowledgement", "retraction_reminder"


def acknowledge_by(today: date) -> date:
    """The last day to confirm a retraction written today."""
    return add_working_days(today, _days(ACKNOWLEDGE, today)).day


def remind_from(today: date) -> date:
    """A recipient last reminded on this day or before is reminded again today."""
    interval = _days(REMIND, today)
    return add_working_days(today, -interval).day


def _days(key: str, today: date) -> int:
    value = value_at(load_pack(settings.PACK).rules()[key], today).value
    if not isinstance(value, int):
        raise TypeError(f"{key} is not a number of days")
    return value
