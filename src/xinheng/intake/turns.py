"""One process works on a delivery at a time; a killed one gives its turn back by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from xinheng.base.errors import TryLater


@contextmanager
def alone_with(delivery_id: UUID) -> Iterator[None]:
    """Hold the delivery for the time of the block; TryLater when another process has it.

    The hold belongs to the database session, so it ends with the process, however that ends.
    """
    if not _take(delivery_id):
        raise TryLater("这个文件正在处理。", "请稍后查看回执。")
    try:
        yield
    finally:
        _give_back(delivery_id)


def is_held(delivery_id: UUID) -> bool:
    """Whether a living process is working on the delivery now."""
    if not _take(delivery_id):
        return True
    _give_back(delivery_id)
    return False


def _take(delivery_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(delivery_id)])
        return bool(cursor.fetchone()[0])


def _give_back(delivery_id: UUID) -> None:
    if connection.connection is None or connection.connection.closed:
        return  # the session is gone, and the hold with it
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(delivery_id)])


def _key(delivery_id: UUID) -> int:
    return int.from_bytes(delivery_id.bytes[:8], "big", signed=True)
