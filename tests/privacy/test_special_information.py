"""Special information stands behind no door but those of an authorisation: every door is opened and searched for it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.authorisations.authorising import give, send
from tests.kept import building, lent
from tests.portal.senders import SHOP, SHOP_NAME, send_files
from tests.privacy.doors import ADDRESSES, API, AUDITOR, LABOUR, Door
from tests.privacy.planted import Plant
from tests.privacy.test_every_door import call, spoken_of
from tests.world import MARKET, NOW, PASSWORD, SCHOOLS, SYSTEM, World

from xinheng.base.home import Home
from xinheng.people import actions as people
from xinheng.people.models import Role, User
from xinheng.register.models import Record
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db
ACCOUNT, AMOUNT = "YY77310042", "73219.46"
"""A meter and an amount that nothing else in the county holds."""
PLANTED = (ACCOUNT, AMOUNT, "7321946", "73,219.46")


def used_water() -> dict[str, object]:
    return {
        "单位名称": SHOP_NAME, "统一社会信用代码": SHOP, "用户编号": ACCOUNT, "计费周期起": "2026-09-01",
        "计费周期止": "2026-09-30", "用水量(立方米)": "320", "应缴金额(元)": AMOUNT, "数据来源单位": MARKET.name,
        "数据来源单位统一社会信用代码": MARKET.code,
    }  # fmt: skip


@pytest.fixture(scope="module")
def kept(module_world: World) -> Plant:
    """The shop authorised the schools' department, and its water was delivered by the market authority."""
    with building(module_world):
        send_files(module_world)
        given = give(module_world, classes=("water_use",))
        batch = send(module_world, used_water(), type="water_use")
        assert batch.accepted == 1
        for username, role in ((AUDITOR, Role.AUDITOR), (LABOUR, Role.REVIEWER)):
            people.create_officer(
                username=username, display_name="某某", department=module_world.department(MARKET.code),
                password=PASSWORD, roles=[role], by=SYSTEM, now=NOW,
            )  # fmt: skip
        User.objects.update(must_change_password=False)
        client, secret = people.create_api_client(
            name="办件系统", department=module_world.department(MARKET.code), scopes=("read", "submit", "check"),
            by=SYSTEM, now=NOW,
        )  # fmt: skip
        record = Record.objects.filter(subject_code=SHOP, type="penalty", known_to=None).order_by("pk")[0]
        places = {
            "shop": SHOP, "mill": SHOP, "shop_name": SHOP_NAME, "number": "99000119900307001X", "client": client.pk,
            "ref": record_ref(record.record_no), "mill_ref": record_ref(record.record_no), "batch": batch.number,
            "authorisation": given.pk, "record_no": record.record_no,
        }  # fmt: skip
        return Plant(module_world, secret, places)


@pytest.fixture
def planted(kept: Plant, home: Home, db: None) -> Iterator[Plant]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield Plant(lent(kept.world, home), kept.secret, {**kept.places, "tmp": home.tmp})


def reachable(door: Door, places: dict[str, object]) -> Door | None:
    """The door with those of its paths that name something here; who writes is left out."""
    if door.data is not None or door.json is not None:
        return None
    paths = tuple(path for path in door.paths if all(name in places for name in names_in(path)))
    return Door(door.who, paths) if paths else None


def names_in(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:]]


OPEN_TO_ALL = (
    "/", f"/organisations/{SHOP}", f"/search?q={ACCOUNT}", f"/search?q={SHOP}", "/statistics", "/publicity",
    "/catalogue/water_use", "/api/v1/feed", f"/api/v1/organisations/{SHOP}/records",
)  # fmt: skip
EVERY = {**ADDRESSES, **{f"api {name}": door for name, door in API.items()}}


AREAS = ("portal", "desk", "centre", "api")


@pytest.mark.parametrize("area", AREAS)
def test_no_door_shows_what_was_not_authorised_to_it(planted: Plant, area: str) -> None:
    tried = 0
    for name, door in EVERY.items():
        if not name.startswith(area) or "logout" in name:
            continue
        usable = reachable(door, planted.places)
        for response in call(planted, usable) if usable else ():
            assert spoken_of(response, PLANTED) == [], (name, response.request["PATH_INFO"])
            tried += response.status_code == 200
    assert tried > 5, f"only {tried} pages of {area} answered"


def test_every_page_of_the_public_is_searched_as_a_visitor_too(planted: Plant) -> None:
    for address in OPEN_TO_ALL:
        response = Client().get(address, follow=True)
        assert spoken_of(response, (AMOUNT, *PLANTED[2:])) == [], address
        assert address.endswith(ACCOUNT) or spoken_of(response, (ACCOUNT,)) == [], address


def test_the_test_does_see_what_is_shown(planted: Plant) -> None:
    """A door that would show it is caught: the authorised department's page does."""
    people.create_officer(
        username="yu.ran", display_name="于然", department=planted.world.department(SCHOOLS.code),
        password=PASSWORD, roles=[Role.REVIEWER], by=SYSTEM, now=NOW,
    )  # fmt: skip
    User.objects.update(must_change_password=False)
    client = planted.browser("yu.ran")
    client.post("/desk/purpose", {"purpose": "funding", "note": "2026年技改资金"})
    assert spoken_of(client.get(f"/desk/archives/{SHOP}"), PLANTED) == [ACCOUNT, AMOUNT]
