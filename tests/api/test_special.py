"""A grantee's program reads special information while it is authorised, and not a moment longer."""

import pytest
from tests.authorisations.authorising import USER, give, holder, paid, send
from tests.people.test_organisation_users import MILL, SHOP
from tests.world import MARKET

from xinheng.audit.models import AuditEvent
from xinheng.authorisations.actions import revoke
from xinheng.authorisations.models import AuthorisedUse
from xinheng.base.clock import now

pytestmark = pytest.mark.django_db
ASKED = {"purpose": "funding", "note": "技改2026-7"}


@pytest.fixture
def reader(county, program):
    return program(department=USER.code, scopes=("read",))


def test_the_grantees_program_reads_the_rows_and_the_call_is_kept(county, reader):
    given = give(county)
    send(county, paid(9))
    answer = reader.get(f"/special/{SHOP}", **ASKED)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert [one["id"] for one in found["authorisations"]] == [given.pk]
    (row,) = found["rows"]
    assert (row["type"], row["day"], row["values"]["paid_amount"]) == ("tax_payment", "2026-09-01", "42000.5")
    assert AuthorisedUse.objects.get().rows == 1
    assert AuditEvent.objects.get(act="special.read").purpose == "[funding] 技改2026-7"


def test_after_the_revocation_the_next_call_finds_nothing(county, reader):
    given = give(county)
    send(county, paid(9))
    assert reader.get(f"/special/{SHOP}", **ASKED).json()["rows"]
    revoke(membership=holder(county), authorisation=given.pk, now=now())
    assert reader.get(f"/special/{SHOP}", **ASKED).json() == {"authorisations": [], "rows": []}


def test_others_and_other_purposes_find_nothing(county, reader, program):
    give(county)
    send(county, paid(9))
    sender = program(department=MARKET.code, scopes=("read",))
    nothing = {"authorisations": [], "rows": []}
    assert sender.get(f"/special/{SHOP}", **ASKED).json() == nothing
    assert reader.get(f"/special/{SHOP}", **ASKED | {"purpose": "honours"}).json() == nothing
    assert reader.get(f"/special/{MILL}", **ASKED).json() == nothing
    assert reader.get(f"/special/{SHOP}", **ASKED | {"purpose": "case"}).status_code == 422
    assert not AuthorisedUse.objects.exists()


def test_a_citizen_number_or_a_program_without_the_scope_is_refused(county, reader, program):
    assert reader.get("/special/99000119900307001X", **ASKED).status_code in (404, 422)
    assert program(department=USER.code, scopes=("submit",)).get(f"/special/{SHOP}", **ASKED).status_code == 403
