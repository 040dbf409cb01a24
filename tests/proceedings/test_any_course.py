"""Whatever anybody tries in whatever order, a case follows its table, and nobody loses without having been heard."""

from datetime import date, datetime

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from tests.commitments.promising import paper
from tests.proceedings.cases import CaseWorld, build
from tests.world import World, table

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import XinhengError
from xinheng.people.models import User
from xinheng.proceedings.actions import confirm, move, propose, send_back, taking
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.guards import GUARDS
from xinheng.proceedings.models import Case, CaseEvent, Deadline, Proposal
from xinheng.proceedings.procedures import Procedure, Step, load_procedures
from xinheng.proceedings.proving import can_end
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
STATED = {
    "ground": "wrong", "statement": "说明", "reason": "理由", "finding": "right", "answer": "核实了", "remedy": "amend",
    "upper_no": "A1", "act_no": "决〔2026〕1号", "act_on": "2026-09-03", "signed_by": "云屿县浮光食品有限公司",
    "kind": "litigation", "body": "云屿县人民法院", "body_no": "（2026）演01行初1号", "about": "publication",
    "accepted_on": "2026-09-03",
    "done": "已落实", "measures": "收回权限",
    "found": "没有冷藏设备", "status": "broken", "unperformed": "没有冷藏设备", "liability": "记入信用记录",
}  # fmt: skip
ELSEWHERE = {"declaration", "determination", "removal"}
"""Tables that a package above opens and proves on its own; lists: test_list_determination.py."""
TABLES = {key: versions[-1] for key, versions in load_procedures("demo").items() if key not in ELSEWHERE}
EVENTS = sorted({step.event for table in TABLES.values() for step in table.steps} - {"correct"})
"""`correct` needs a delivery of the department; test_objection.py takes it."""
TRY = st.tuples(
    st.one_of(st.sampled_from(EVENTS), st.integers(0, 9)),
    st.sampled_from(["clerk", "second", "source", "auditor", "clock"]),
    st.integers(0, 4),
)
"""A step by name, whether or not it fits; or the n-th of those the table allows, so that courses come far."""
ATTACHED = {"shield": ("ruling",), "remedy": ("notice", "ruling"), "complaint": (), "breach": ("evidence",)}
TRIES = st.lists(TRY, min_size=1, max_size=16)


def attempt(county: CaseWorld, case: Case, wanted: str | int, who: str) -> None:
    """One try: a step, or its proposal, or the confirmation of what waits."""
    allowed = TABLES[case.procedure].steps_from(case.state)
    if isinstance(wanted, int) and not allowed:
        return
    event = allowed[wanted % len(allowed)].event if isinstance(wanted, int) else wanted
    if event == "correct":
        return
    by: User | None = None if who == "clock" else getattr(county, who)
    waiting = Proposal.objects.filter(case=case, settled_at=None).first()
    try:
        if by is None:
            daily_look(now=county.now)
        elif waiting is not None and waiting.event == event:
            confirm(proposal=waiting.pk, by=by, now=county.now)
        else:
            table = TABLES[case.procedure]
            step = table.step(Case.objects.get(pk=case.pk).state, event)
            act = propose if step is not None and step.two_person else move
            act(case=case.pk, event=event, stated=_stated(case), by=by, now=county.now)
    except XinhengError:
        return


def _stated(case: Case) -> dict[str, str]:
    """What is typed into any form; a complaint knows other ways to put something right than an objection."""
    return STATED | ({"remedy": ("undo", "put_back", "other")[case.pk % 3]} if case.procedure == "complaint" else {})


def check(case: Case, table: Procedure) -> None:
    """What must be true of every case at every moment."""
    case.refresh_from_db()
    events = list(CaseEvent.objects.filter(case=case).order_by("pk"))
    state = ""
    for one in events:
        assert one.from_state == state
        step = table.step(one.from_state, one.event) if state else table.opening
        assert step is not None, "a step outside the table"
        assert step.target == one.to_state
        assert one.party in step.who
        assert bool(one.proposed_by) == step.two_person
        assert not step.two_person or one.proposed_by != one.actor_name
        state = one.to_state
    assert state == case.state
    assert (case.closed_at is not None) == (case.state in table.final_states)
    _heard(events, table)
    for deadline in Deadline.objects.filter(case=case):
        assert deadline.counted_from < deadline.due_on
        assert deadline.warn_on <= deadline.due_on
        assert deadline.closed_at is not None or case.closed_at is None
    assert case.state in can_end(table)


def _heard(events: list[CaseEvent], table: Procedure) -> None:
    notices = {step.event for step in table.steps if step.notice}
    hearings = {step.event for step in table.steps if step.hearing}
    for place, one in enumerate(events[1:], start=1):
        step = table.step(one.from_state, one.event)
        if step is None or not step.adverse or step.external:
            continue
        before = [earlier.event for earlier in events[:place]]
        told = max(place for place, event in enumerate(before) if event in notices)
        assert hearings & set(before[told + 1 :]), "an adverse end without a chance to be heard"


@pytest.fixture
def ready(world: World, monkeypatch: pytest.MonkeyPatch) -> CaseWorld:
    """A record that may be objected to and repaired on this day, by a department that is taken for the local body.

    Beside it stands a commitment on paper, of which a breach may be found.
    """
    world.now = datetime(2026, 9, 3, 10, tzinfo=SHANGHAI)
    monkeypatch.setattr(taking, "GUARDS", {**GUARDS, "local_body": lambda asked: ""})
    county = build(world, decided=date(2026, 6, 3))
    world.batch(table([paper(承诺作出日期="2026/08/10", 承诺有效期="2027/08/09")]), "commitment")
    return county


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(tries=TRIES, kind=st.sampled_from(sorted(TABLES)))
def test_a_case_never_leaves_its_table(ready: CaseWorld, tries: list[tuple[str | int, str, int]], kind: str) -> None:
    start = ready.world.now
    with transaction.atomic():
        case, table = _opened(ready, kind), TABLES[kind]
        for event, who, days in tries:
            ready.later(days)
            attempt(ready, case, event, who)
            check(case, table)
        _end(ready, case, table)
        transaction.set_rollback(True)
    ready.world.now = start


def _opened(county: CaseWorld, kind: str) -> Case:
    if kind == "objection":
        return county.objection().case
    if kind == "repair":
        return county.repair().case
    if kind == "incident":
        return county.incident()
    uploads = [county.upload(kind=one, name=f"{one}.pdf") for one in ATTACHED[kind]]
    if kind == "breach":
        promised = Record.objects.get(type="commitment", known_to=None)
        return county.open(kind, STATED, uploads=uploads, record_no=promised.record_no, by=county.source).case
    return county.open(kind, STATED, uploads=uploads).case


def _end(county: CaseWorld, case: Case, table: Procedure) -> None:
    """Wherever it came to, there is a way to the end that the table allows."""
    for _ in range(len(table.states)):
        if case.closed_at is not None:
            return
        step = _nearest(table, case.state)
        for other in Proposal.objects.filter(case=case, settled_at=None).exclude(event=step.event):
            send_back(proposal=other.pk, note="另行处理", by=county.second, now=county.now)
        if "clock" in step.who:
            county.later(30)
            attempt(county, case, step.event, "clock")
        else:
            for who in ("source", "auditor", "clerk", "second") if step.two_person else ("source", "auditor", "clerk"):
                attempt(county, case, step.event, who)
                case.refresh_from_db()
                if case.state != step.sources[0] and case.state == step.target:
                    break
        check(case, table)
    assert case.closed_at is not None or case.state == "upheld"


def _nearest(table: Procedure, state: str) -> Step:
    """The first step of a shortest way to a final state, without `correct`."""
    ways: list[tuple[str, list[Step]]] = [(state, [])]
    seen = {state}
    while ways:
        here, way = ways.pop(0)
        for step in table.steps_from(here):
            if step.guard == "publication_over":
                continue
            if step.target in table.final_states:
                return [*way, step][0]
            if step.target not in seen:
                seen.add(step.target)
                ways.append((step.target, [*way, step]))
    raise AssertionError(f"no way out of {state}")
