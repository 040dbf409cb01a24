"""Which role may do what."""

from pathlib import Path

import pytest

from xinheng.people.models import Role
from xinheng.people.permissions import ROLE_ACTS, Act, acts_of, clashes, roles_table

ROLES_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "roles.md"
CHANGING = frozenset(Act) - {
    Act.READ_AUDIT,
    Act.READ_AUTHORISATIONS,
    Act.READ_IDENTIFIERS,
    Act.READ_QUALITY,
    Act.READ_RECEIPTS,
    Act.READ_CASES,
    Act.READ_CHECKS,
    Act.READ_COMMITMENTS,
    Act.READ_INCIDENTS,
    Act.READ_MEASURES,
    Act.READ_RECORDS,
    Act.READ_RETRACTIONS,
    Act.READ_REVIEWS,
    Act.OPEN_SEALED,
    Act.EXPORT_LISTS,
}
CASE_CONTENT = {
    Act.READ_CASES,
    Act.HANDLE_CASE,
    Act.ANSWER_CASE,
    Act.DECIDE_CASE,
    Act.READ_INCIDENTS,
    Act.HANDLE_INCIDENTS,
    Act.DECIDE_INCIDENTS,
    Act.READ_RETRACTIONS,
    Act.ISSUE_REPORTS,
    Act.READ_RECEIPTS,
    Act.READ_RECORDS,
    Act.READ_REVIEWS,
    Act.OPEN_SEALED,
    Act.EXPORT_LISTS,
}


def test_every_role_stands_in_the_table() -> None:
    assert set(ROLE_ACTS) == set(Role)


def test_leaders_change_nothing_and_auditors_nothing_but_what_they_examine() -> None:
    assert not ROLE_ACTS[Role.LEADER] & CHANGING
    assert ROLE_ACTS[Role.AUDITOR] & CHANGING == {Act.HANDLE_INCIDENTS}


def test_an_administrator_reads_no_case_content() -> None:
    assert not ROLE_ACTS[Role.ADMINISTRATOR] & CASE_CONTENT


def test_only_the_auditor_reads_the_log() -> None:
    assert [role for role in Role if Act.READ_AUDIT in ROLE_ACTS[role]] == [Role.AUDITOR]


def test_roles_add_up() -> None:
    assert acts_of([Role.COLLECTOR, Role.LEADER]) == ROLE_ACTS[Role.COLLECTOR] | ROLE_ACTS[Role.LEADER]


@pytest.mark.parametrize(
    "pair",
    [
        (Role.AUDITOR, Role.LEADER),
        (Role.ADMINISTRATOR, Role.LEADER),
        (Role.ADMINISTRATOR, Role.DECIDER),
        (Role.ADMINISTRATOR, Role.CREDIT_OFFICE),
        (Role.COLLECTOR, Role.AUDITOR),
    ],
)
def test_those_who_watch_do_not_act(pair: tuple[Role, Role]) -> None:
    assert clashes(pair) == set(pair)


def test_a_collector_may_also_review() -> None:
    assert not clashes([Role.COLLECTOR, Role.REVIEWER, Role.CREDIT_OFFICE])


def test_the_published_page_shows_the_table_of_the_code() -> None:
    assert roles_table() in ROLES_PAGE.read_text(encoding="utf-8")
