"""Whatever anybody tries in whatever order, a verification follows its table, and only what stands is public."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from tests.declarations.declaring import Declaring
from tests.proceedings.test_any_course import check

from xinheng.base.errors import XinhengError
from xinheng.declarations.models import Declaration
from xinheng.people.models import OrganisationUser, User
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.models import Case, Proposal
from xinheng.proceedings.procedures import load_procedures

pytestmark = pytest.mark.django_db
TABLE = load_procedures("demo")["declaration"][-1]
STATED = {"reason": "理由", "statement": "说明", "verified_how": "核对一致", "signed_by": "云屿县浮光食品有限公司"}
TRIES = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([step.event for step in TABLE.steps]), st.integers(0, 9)),
        st.sampled_from(["shop.a", "he.shuo", "lin.xinyu", "zhou.ming", "clock"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


def attempt(county: Declaring, case: Case, wanted: str | int, who: str) -> None:
    case.refresh_from_db()
    allowed = TABLE.steps_from(case.state)
    if isinstance(wanted, int) and not allowed:
        return
    event = allowed[wanted % len(allowed)].event if isinstance(wanted, int) else wanted
    by: User | OrganisationUser = county.membership.user if who == "shop.a" else county.officer("lin.xinyu")
    if who not in ("shop.a", "clock"):
        by = county.officer(who)
    waiting = Proposal.objects.filter(case=case, settled_at=None).first()
    step = TABLE.step(case.state, event)
    try:
        if who == "clock":
            daily_look(now=county.now)
        elif event == "change" and who == "shop.a":
            county.change(case)
        elif waiting is not None and waiting.event == event and isinstance(by, User):
            confirm(proposal=waiting.pk, by=by, now=county.now)
        elif step is not None and step.two_person and isinstance(by, User):
            propose(case=case.pk, event=event, stated=STATED, by=by, now=county.now)
        else:
            move(case=case.pk, event=event, stated=STATED, by=by, now=county.now)
    except XinhengError:
        return


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(tries=TRIES)
def test_only_what_stands_verified_is_public_whatever_was_tried(
    county: Declaring, tries: list[tuple[str | int, str, int]]
) -> None:
    start = county.world.now
    with transaction.atomic():
        case = county.declare()
        for event, who, days in tries:
            county.later(days)
            attempt(county, case, event, who)
            check(case, TABLE)
            standing = Declaration.objects.filter(ended_at=None, verified_at__isnull=False)
            assert [one.decision_no for one in county.public()] == [one.number for one in standing]
            assert case.state in ("verified", "doubted", "explained") or not standing.exists()
        transaction.set_rollback(True)
    county.world.now = start
