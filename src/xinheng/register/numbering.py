"""Blocks of numbers for set-based writing: subject numbers, version ids and record numbers.

Organisations and provisional subjects draw from one sequence, so a subject number never means two things.
"""

from enum import StrEnum

from django.db import connection


class Sequence(StrEnum):
    """The sequences of the register, by their names in the database."""

    SUBJECT_NO = "register_organisation_id_seq"
    VERSION_ID = "register_record_id_seq"
    RECORD_NO = "register_record_no_seq"


def allocate(sequence: Sequence, count: int) -> int:
    """Reserve `count` consecutive numbers and return the first.

    Nobody waits for anybody: the numbers are drawn one by one, and drawn again in the rare case that another
    process drew in between. Numbers of a rolled-back transaction are lost, which is harmless.
    """
    if count < 1:
        raise ValueError("a block has at least one number")
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_allocate(%s::regclass, %s)", [sequence.value, count])
        return int(cursor.fetchone()[0])
