"""A register of a million organisations is looked through by sets, and each planted fault is found."""

import time

import pytest
from django.db import connection
from tests.governance.codes import looked, open_ones
from tests.world import MARKET

from xinheng.base.identifiers import credit_code
from xinheng.governance.models import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNT = 1_000_000
EVERY = 10_000
"""One organisation of so many bears the name of the one before it."""


def fill(department: int, region: int, codes: list[str]) -> None:
    """A million registrations as intake leaves them in the register, without their search columns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM register_organisation")
        first = cursor.fetchone()[0] + 1_000
        cursor.execute("CREATE TEMPORARY TABLE given (n bigint, code varchar, name varchar)")
        with cursor.copy("COPY given FROM STDIN") as copy:
            for number, code in enumerate(codes):
                same = number - 1 if number % EVERY == EVERY - 1 else number
                copy.write_row((number, code, f"云屿县第{same}号贸易有限公司"))
        cursor.execute(
            f"""
            INSERT INTO register_organisation (id, name, name_key, initials, pinyin_key, tokens, credit_code, kind,
                status, registered, created_batch_no)
            SELECT {first} + n, name, name, '', '', '{{}}', code, '企业', 'operating', true, 1 FROM given;
            INSERT INTO register_organisationname (organisation_id, name, name_key, former, known_from, batch_no,
                row_no)
            SELECT {first} + n, name, name, false, now(), 1, n + 2 FROM given;
            INSERT INTO register_identifier (organisation_id, kind, value, known_from, batch_no, row_no)
            SELECT {first} + n, 'credit_code', code, now(), 1, n + 2 FROM given;
            INSERT INTO register_record (id, record_no, version, region_id, department_id, type, key_hash, content_hash,
                subject_no, subject_name, subject_code, link_method, gate, withdrawn, withdrawal_reason, decision_no,
                title, authority_name, authority_code, penalty_categories, procedure, severity, list_key, content,
                batch_no, row_no, first_received_at, known_from)
            SELECT 10000000 + n, 10000000 + n, 1, {region}, {department}, 'organisation', md5('k' || n)::uuid,
                md5('c' || n)::uuid, {first} + n, name, code, 'code', 'open', false, '', '', name, '', '', '', '', '',
                '', '{{}}', 1, n + 2, now(), now() FROM given
            """
        )
        cursor.execute("DROP TABLE given")


def test_a_million_organisations_are_looked_through_and_each_fault_is_found(county, capsys):
    codes = [credit_code.make("91", "990001", f"B{number:07d}") for number in range(COUNT)]
    fill(county.department(MARKET.code).pk, county.region.pk, codes)
    started = time.perf_counter()
    result = looked(county)
    took = time.perf_counter() - started
    with capsys.disabled():
        print(f"\n{COUNT:,} organisations looked through in {took:.1f} s, {result.found} findings")
    assert result.found == COUNT // EVERY
    assert {kind for kind, _, _ in open_ones(county)} == {"name_codes"}
    started = time.perf_counter()
    assert (looked(county).opened, Finding.objects.count()) == (0, COUNT // EVERY)
    with capsys.disabled():
        print(f"again, nothing new, in {time.perf_counter() - started:.1f} s")
