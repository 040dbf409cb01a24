"""What goes into PostgreSQL by COPY comes out as it was."""

import psycopg
import pytest
from django.db import connection

from xinheng.base.postgres.bulk import copy_rows, temporary_table, text_array

AWKWARD = ["云屿", 'a"b', "back\\slash", "comma,brace{}", "", "NULL", "\\N", "tab\tand\nline", " 空格 "]


@pytest.mark.django_db
def test_an_array_of_awkward_words_comes_back_unchanged() -> None:
    with connection.cursor() as cursor, temporary_table(cursor, "words text[]") as table:
        copy_rows(cursor, table, ["words"], [(text_array(AWKWARD),), (text_array([]),)])
        cursor.execute(f"SELECT words FROM {table}")

        assert cursor.fetchall() == [(AWKWARD,), ([],)]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_an_error_and_no_row_comes_in() -> None:
    with connection.cursor() as cursor, temporary_table(cursor, "n int") as table:
        with pytest.raises(psycopg.Error), connection.connection.transaction():
            copy_rows(cursor, table, ["n"], [(1,), ("二",)])
        cursor.execute(f"SELECT count(*) FROM {table}")

        assert cursor.fetchone() == (0,)
