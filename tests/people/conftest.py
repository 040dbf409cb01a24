"""A county with two departments, built through the real actions."""

import pytest
from people_world import ADMINISTRATOR, COLLECTOR, COUNTY, MARKET, NOW, OFFICE, SCHOOLS

from xinheng.audit.actor import Actor
from xinheng.people.actions import set_up_county
from xinheng.people.models import Department, Region, User


@pytest.fixture
def county(db: None) -> Region:
    return set_up_county(
        region=COUNTY, departments=[MARKET, SCHOOLS], officers=[ADMINISTRATOR, OFFICE, COLLECTOR], now=NOW
    )


@pytest.fixture
def administrator(county: Region) -> Actor:
    return Actor.of(User.objects.get(username=ADMINISTRATOR.username))


@pytest.fixture
def collector(county: Region) -> User:
    return User.objects.get(username=COLLECTOR.username)


@pytest.fixture
def schools(county: Region) -> Department:
    return Department.objects.get(code=SCHOOLS.code)
