"""Every address that names something is tried with a thing of another county: nothing of it may answer.

A new route with a parameter fails here until it is told what it names: give it a line in `things.py` with a thing of
the first county, or one in `NOBODYS` with the reason why it names nothing that belongs to a county.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.desk.second_county import SecondCounty, found_second_county
from tests.desk.things import PROGRAM, Thing, officer_browser, things_of
from tests.kept import building, lent
from tests.people.test_organisation_users import SHOP, join, word_for
from tests.portal.senders import SHOP_NAME, penalty, send_files
from tests.world import MARKET, NOW, PASSWORD, SYSTEM, World, table

from xinheng.audit.actor import Actor
from xinheng.base.home import Home
from xinheng.intake.models import Delivery
from xinheng.people import actions as people
from xinheng.people.models import ApiClient, Consent, OrganisationMembership, User

WORDS = ("云市监罚", "云屿县市场监督管理局", "县市场监管局")
NOBODYS = {
    "desk:template": "templates to fill in are public",
    "desk:new_open_case": "a form without a record; what is opened belongs to the opener's county",
    "desk:archive": "organisations are common to all counties; see the test of its own below",
    "desk:ask_consent": "the same; what is asked for is read in one's own county only",
    "centre:declare": "a form of the rulebook",
    "centre:sign_commitment": "a form of the rulebook",
    "desk:take_commitment": "a form of the rulebook",
    "centre:new_open_case": "a form without a record; what is opened belongs to the opener's county",
    "api-v1:special": "the same; only what was authorised to one's own department is there: tests/api/test_special.py",
    "api-v1:organisation": "public",
    "api-v1:records": "public",
    "api-v1:record": "public",
    "api-v1:one_type": "public",
    "api-v1:match": "a data set of organisations that everybody may know of",
    ":None": "any other address below /api/v1, always 404",
    "portal:organisation": "public",
    "portal:record": "public",
    "portal:why": "public",
    "portal:publicity_list": "public",
    "portal:contract": "public",
    "portal:law_text": "public",
    "portal:measure": "public",
    "portal:one_list": "public",
    "portal:report_code": "public",
    "portal:check_code": "public",
    "portal:chart": "public",
}


def _routes(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        address = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield f"{space}:{one.name}", address
        else:
            yield from _routes(one, address, one.namespace or space)


NAMES = sorted(name for name, address in _routes(get_resolver()) if "<" in address and name not in NOBODYS)


@dataclass
class Both:
    """Two counties, the things of the first, and the secrets of a program in each."""

    first: World
    second: SecondCounty
    things: dict[str, Thing]
    secrets: dict[str, str]


@pytest.fixture(scope="module")
def kept(module_world: World) -> Both:
    with building(module_world):
        send_files(module_world)
        module_world.batch(table([penalty(7, 处罚类别="其他-责令学习", **{"罚款金额(万元)": ""})]), "penalty")
        join(module_world, "shop.a", word_for(module_world))
        secrets = {"program": _program(module_world.department(MARKET.code))}
        things = things_of(module_world)
        second = found_second_county()
        secrets["wu.program"] = _program(second.department)
        by = Actor.of(second.credit_officer)
        _, word = people.issue_binding_code(credit_code=SHOP, region=second.region, for_holder=True, by=by, now=NOW)
        join(module_world, "wu.shop", word)
    return Both(module_world, second, things, secrets)


@pytest.fixture
def both(kept: Both, home: Home, db: None) -> Iterator[Both]:
    with time_machine.travel(NOW, tick=False):
        yield Both(lent(kept.first, home), kept.second, kept.things, kept.secrets)


def test_every_route_that_names_something_is_tried(both: Both) -> None:
    assert sorted(both.things) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_thing_of_another_county_is_not_there(both: Both, name: str) -> None:
    thing = both.things[name]
    address, own, foreign = reverse(name, kwargs=thing.kwargs), _browser(both, thing.own), _browser(both, thing.foreign)
    answers = [foreign.get(address, follow=True), _send(foreign, address, thing, follow=True)]
    assert {one.status_code for one in answers} <= {404, 405}, (address, [one.status_code for one in answers])
    assert 404 in {one.status_code for one in answers}
    assert not any(word in one.content.decode() for one in answers for word in (*WORDS, SHOP_NAME))
    if thing.told:
        statuses = {own.get(address).status_code, _send(own, address, thing).status_code}
        assert statuses - {403, 404, 405}, (address, statuses)


@pytest.mark.parametrize("purpose", ["case", "funding"])
def test_the_archive_of_a_common_organisation_shows_nothing_of_another_county(both: Both, purpose: str) -> None:
    client = officer_browser(both.first, "wu.deng")
    client.post("/desk/purpose", {"purpose": purpose, "note": "试探"})
    response = client.get(f"/desk/archives/{SHOP}")
    assert not any(word in response.content.decode() for word in WORDS)
    own = officer_browser(both.first, "lin.xinyu")
    own.post("/desk/purpose", {"purpose": "case", "note": "第 1 号"})
    assert WORDS[0] in own.get(f"/desk/archives/{SHOP}").content.decode()


QUERIES = (
    "/desk/quality?department={department}",
    "/desk/retractions?recipient={recipient}",
    "/desk/organisation-users?code={code}",
    "/desk/records/find?type=penalty&q={document}",
    "/desk/archives?q={document}",
    "/desk/records/new?type=penalty&department={department}",
)
"""Numbers of another county's things that stand behind the question mark."""


@pytest.mark.parametrize("address", QUERIES)
def test_a_number_behind_the_question_mark_opens_nothing_either(both: Both, address: str) -> None:
    page = officer_browser(both.first, "wu.deng").get(address.format(**_numbers(both)))
    content = page.content.decode().replace(_numbers(both)["document"], "")
    assert page.status_code in {200, 404}
    assert not any(word in content for word in (*WORDS, "shop.a", "公共资源交易中心"))


FORMS = (
    ("wu.an", "/desk/clients", {"name": "程序", "department": "{department}", "scopes": "read"}),
    ("wu.an", "/desk/officers",
     {"display_name": "某人", "username": "mou.ren", "department": "{department}", "password": PASSWORD,
      "roles": "collector"}),
    ("wu.deng", "/desk/records/new?type=penalty", {"department": "{department}", "entry": "0" * 32}),
    ("wu.deng", "/desk/upload", {"type": "penalty", "department": "{department}"}),
    ("wu.deng", "/desk/cases/cover",
     {"officer": "{officer}", "substitute": "{officer}", "first": "2026-11-23", "last": "2026-11-27"}),
    ("wu.shop", "/centre/switch", {"membership": "{member}"}),
    ("wu.shop", "/centre/users/change", {"step": "end", "membership": "{member}"}),
    ("wu.shop", "/centre/consents",
     {"recipient": "{department}", "purpose_code": "funding", "purpose": "资金", "scope": "penalty",
      "until": "2026-12-31"}),
)  # fmt: skip
"""Forms whose fields name things of another county."""


@pytest.mark.parametrize(("who", "address", "form"), FORMS, ids=[f"{who} {address}" for who, address, _ in FORMS])
def test_a_number_in_a_form_changes_nothing_either(both: Both, who: str, address: str, form: dict[str, str]) -> None:
    client = _browser(both, who)
    before = _counts()
    filled = {name: value.format(**_numbers(both)) for name, value in form.items()}
    assert client.post(address, filled).status_code in {200, 400, 404}
    assert _counts() == before


def _numbers(both: Both) -> dict[str, str]:
    return {
        "department": str(both.first.department(MARKET.code).pk),
        "recipient": str(both.things["desk:confirm_retractions"].kwargs["recipient"]),
        "officer": str(both.first.officer("zhou.ming").pk),
        "member": str(both.things["desk:end_member"].kwargs["id"]),
        "code": SHOP,
        "document": "云市监罚〔2026〕1号",
    }


def _counts() -> list[int]:
    """How many there are of what the forms above would make or end."""
    open_ones = OrganisationMembership.objects.filter(revoked_at=None)
    return [one.count() for one in (ApiClient.objects, User.objects, Delivery.objects, Consent.objects, open_ones)]


def _send(client: Client, address: str, thing: Thing, *, follow: bool = False) -> Any:
    if thing.json is None:
        return client.post(address, thing.form or {}, follow=follow)
    return client.post(address, thing.json, content_type="application/json", headers={"Idempotency-Key": "one-of-them"})


def _browser(both: Both, who: str) -> Client:
    if who in both.secrets:
        return Client(headers={"Authorization": f"Bearer {both.secrets[who]}"})
    if who in ("shop.a", "wu.shop"):
        client = Client()
        assert client.post("/centre/login", {"username": who, "password": PASSWORD}).status_code == 302
        return client
    return officer_browser(both.first, who)


def _program(department: Any) -> str:
    return people.create_api_client(
        name=PROGRAM, department=department, scopes=["read", "submit", "check"], by=SYSTEM, now=NOW
    )[1]
