"""Associations say who their members are; coverage counts members with a commitment in force."""

from datetime import date

import pytest
from tests.commitments.promising import SHOP, Promising
from tests.intake.intake_rows import MILL, MILL_NAME, organisation
from tests.world import SCHOOLS, table

from xinheng.base.errors import Conflict, Refused
from xinheng.base.scope import PUBLIC, Scope
from xinheng.commitments.actions import add_members, end_commitment, end_member
from xinheng.commitments.models import AssociationMember, CommitmentEnd
from xinheng.commitments.queries import coverage, members

pytestmark = pytest.mark.django_db


def add(county: Promising, *codes: str):
    return add_members(
        association=county.world.department(SCHOOLS.code), codes=codes, joined_on=date(2026, 1, 1),
        by=county.officer("lin.xinyu"), now=county.now,
    )  # fmt: skip


def covered(county: Promising) -> tuple[int, int, str]:
    (one,) = coverage(county.world.scope, as_at=county.now.date())
    return one.members, one.covered, one.percent


def test_a_member_is_covered_while_its_commitment_stands(county: Promising):
    county.world.batch(table([organisation(MILL, MILL_NAME)]), "organisation")
    add(county, SHOP, MILL)
    made = county.sign("honest-price")
    assert covered(county) == (2, 1, "50.0%")
    assert [one.name for one in members(
        county.world.scope, association=county.world.department(SCHOOLS.code).pk, as_at=county.now.date()
    )] == [MILL_NAME, made.subject_name]  # fmt: skip
    end_commitment(
        commitment=made.pk, reason=CommitmentEnd.WITHDRAWN, why="停业", by=county.membership.user, now=county.now
    )
    assert covered(county) == (2, 0, "0.0%")


def test_a_member_is_added_once_and_an_unknown_code_is_told(county: Promising):
    made, unknown = add(county, SHOP, SHOP.lower(), "91990001MA00009999")
    assert ([one.credit_code for one in made], unknown) == ([SHOP], ("91990001MA00009999",))
    assert add(county, SHOP) == ((), ())
    assert AssociationMember.objects.count() == 1


def test_who_left_is_counted_no_longer_and_stays_with_its_time(county: Promising):
    (one,), _ = add(county, SHOP)
    end_member(member=one.pk, by=county.officer("lin.xinyu"), now=county.now)
    assert coverage(county.world.scope, as_at=county.now.date()) == ()
    with pytest.raises(Conflict):
        end_member(member=one.pk, by=county.officer("lin.xinyu"), now=county.now)
    assert AssociationMember.objects.get().left_at == county.now


def test_nothing_to_add_is_told(county: Promising):
    with pytest.raises(Refused, match="每行一个"):
        add(county, " ")


def test_another_county_and_the_public_see_no_members(county: Promising):
    add(county, SHOP)
    assert coverage(Scope(region="990002"), as_at=county.now.date()) == ()
    with pytest.raises(Refused):
        coverage(PUBLIC, as_at=county.now.date())
