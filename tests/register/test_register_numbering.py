import pytest
from django.db import connection

from xinheng.register.numbering import Sequence, allocate

pytestmark = pytest.mark.django_db


def test_a_block_is_consecutive_and_never_given_twice():
    first = allocate(Sequence.SUBJECT_NO, 1000)
    second = allocate(Sequence.SUBJECT_NO, 10)
    assert second >= first + 1000


def test_a_number_drawn_outside_a_block_is_not_part_of_the_next_one():
    first = allocate(Sequence.RECORD_NO, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('register_record_no_seq')")
        drawn = cursor.fetchone()[0]
    assert drawn == first + 5
    assert allocate(Sequence.RECORD_NO, 5) == drawn + 1


def test_an_empty_block_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="at least one"):
        allocate(Sequence.VERSION_ID, 0)
