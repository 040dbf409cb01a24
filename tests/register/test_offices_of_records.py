"""The database keeps what a record says of its region and department, without asking row by row."""

import pytest
import register_world as world
from django.db import IntegrityError, connection, transaction

from xinheng.people.models import Department
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db

NOBODY = 9_999_999


@pytest.mark.parametrize("office", ["region_id", "department_id"])
def test_a_record_of_an_office_that_does_not_exist_is_refused(office):
    firm = world.organisation("云屿县鑫源商贸有限公司")
    with pytest.raises(IntegrityError, match="does not exist"), transaction.atomic():
        world.record(firm, **{office: NOBODY})


@pytest.mark.parametrize("office", ["region_id", "department_id"])
def test_the_office_of_a_record_is_never_changed(office):
    kept = world.record(world.organisation("云屿县鑫源商贸有限公司"))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Record.objects.filter(pk=kept.pk).update(**{office: NOBODY})


@pytest.mark.parametrize("table", ["region", "department"])
def test_an_office_that_records_name_is_not_deleted(table):
    kept = world.record(world.organisation("云屿县鑫源商贸有限公司"))
    office = getattr(kept, f"{table}_id")
    with pytest.raises(IntegrityError, match="Records name"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM people_{table} WHERE id = %s", [office])


def test_an_office_that_no_record_names_may_be_deleted():
    unused = world.department("县气象局")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_department WHERE id = %s", [unused.pk])
    assert not Department.objects.filter(pk=unused.pk).exists()
