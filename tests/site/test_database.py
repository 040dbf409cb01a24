import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_talk_to_a_real_postgresql_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('server_version_num')::int")
        role, version = cursor.fetchone()
    assert role == "xinheng_app"
    assert version >= 150000
