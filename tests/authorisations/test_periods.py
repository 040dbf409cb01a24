"""Whatever authorisations there are, the join over a file says of each row what plain Python says."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xinheng.authorisations.queries import AuthorisationLine
from xinheng.base.clock import SHANGHAI
from xinheng.catalogue.checks.v16_authorisation import NONE, NOT_IN_FORCE, OUTSIDE_PERIOD
from xinheng.engines.duck import duck
from xinheng.intake.authorised import find_unauthorised

DAY = date(2026, 11, 21)
DAYS = st.integers(-4, 4).map(lambda days: DAY + timedelta(days=days))
CODES = ("A", "B", "C")
COVERAGE = st.tuples(st.sampled_from(CODES), DAYS, DAYS, st.booleans())
ROWS = st.tuples(st.sampled_from(CODES), DAYS)


def expected(row: tuple[str, date], coverage: list[tuple[str, date, date, bool]]) -> str | None:
    code, day = row
    own = [one for one in coverage if one[0] == code]
    if any(live and since <= day <= until for _, since, until, live in own):
        return None
    if not own:
        return NONE
    return OUTSIDE_PERIOD if any(one[3] for one in own) else NOT_IN_FORCE


@given(st.lists(ROWS, max_size=8), st.lists(COVERAGE, max_size=6))
def test_each_row_is_judged_as_a_person_would(tmp_path_factory, rows, coverage) -> None:
    with duck(tmp_path_factory.mktemp("duck")) as engine:
        engine.raw.execute("CREATE TABLE in_doubt (row_no BIGINT, code VARCHAR, day DATE)")
        engine.raw.execute("CREATE TABLE coverage (value VARCHAR, facts_from DATE, until DATE, in_force BOOLEAN)")
        engine.add("in_doubt", [[number, *row] for number, row in enumerate(rows)])
        engine.add("coverage", [list(one) for one in coverage])
        find_unauthorised(engine)
        found = dict(engine.rows("SELECT row_no, variant FROM unauthorised"))
    wanted = {number: expected(row, coverage) for number, row in enumerate(rows)}
    assert found == {number: variant for number, variant in wanted.items() if variant is not None}


def line(starts: date, until: date, revoked: bool) -> AuthorisationLine:
    moment = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI) if revoked else None
    return AuthorisationLine(
        id=1, credit_code="", organisation_name="", classes=("tax_payment",), grantee_id=1, grantee_name="",
        purpose_code="funding", purpose="", starts=starts, until=until, facts_from=starts, signer="", on_paper=False,
        given_at=datetime(2026, 11, 1, tzinfo=SHANGHAI), revoked_at=moment, uses=0, stop_due_on=None,
    )  # fmt: skip


@given(DAYS, DAYS, DAYS, st.booleans())
def test_it_is_in_force_from_its_first_to_its_last_day_unless_revoked(starts, until, today, revoked) -> None:
    one = line(starts, until, revoked)
    assert one.in_force(today) == (not revoked and starts <= today <= until)
    assert (one.state(today) == "有效") == (one.in_force(today))
