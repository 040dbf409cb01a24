"""Records found by document number: the register knows the numbers, the effects what may be shown."""

from datetime import date

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.effects.queries import PublishedRecord, published
from xinheng.register.queries import records_by_decision_no


def records_with_number(text: str, *, as_at: date) -> tuple[PublishedRecord, ...]:
    """What is in force now under that document number."""
    shown = []
    for record_no in records_by_decision_no(PUBLIC, text):
        try:
            shown.append(published(PUBLIC, record_no, as_at=as_at))
        except NotFound:
            continue
    return tuple(shown)
