"""How the log is chained: the same texts and digests as in migration 0002, computed here independently.

An event's text gives every field with its length; a batch's digest covers its number, its count and its
events in order; a seal's hash covers the hash before it and the batch's digest.
"""

import hashlib
from collections.abc import Iterable, Sequence

GENESIS = "0" * 64

EVENT_COLUMNS = (
    "e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.act, e.actor_kind, e.actor_id, e.actor_name,"
    " e.region_id, e.object_type, e.object_id, e.purpose, e.detail::text, e.transaction"
)
"""What `event_text` takes, as a select list over `audit_event e`."""


def event_text(row: Sequence[str | int | None]) -> bytes:
    """The canonical text of one event, from the columns of `EVENT_COLUMNS`."""
    return b"".join(_field(value) for value in row)


def batch_digest(batch_id: int, events: Iterable[bytes]) -> str:
    """The digest a batch must have over its events' texts."""
    texts = list(events)
    return hashlib.sha256(b"".join([_field(batch_id), _field(len(texts)), *texts])).hexdigest()


def next_hash(previous: str, digest: str) -> str:
    """The hash of a seal that follows `previous` and seals a batch with this digest."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(digest)).hexdigest()


def _field(value: str | int | None) -> bytes:
    if value is None:
        return b"-"
    text = str(value).encode()
    return b"%d:%s" % (len(text), text)
