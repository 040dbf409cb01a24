"""No door publishes, searches, scores, checks or lists a person: asked for one, each refuses and keeps nothing."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.intake.intake_rows import penalty
from tests.kept import building, lent
from tests.portal.senders import send_files
from tests.privacy.planted import MODEL_BACKEND
from tests.privacy.searching import found_in_database, found_in_files
from tests.world import MARKET, NOW, SYSTEM, World, table

from xinheng.base.errors import XinhengError
from xinheng.base.home import Home
from xinheng.base.identifiers import citizen_number
from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.models import Effect
from xinheng.exchange.queries import exchange_file
from xinheng.people.actions import create_api_client, issue_binding_code
from xinheng.products.actions import issue_report
from xinheng.register.models import Organisation, Record
from xinheng.register.queries import organisation, search
from xinheng.rulebook.loader import pack_names

pytestmark = pytest.mark.django_db
NAME, NUMBER = "欧阳翡翠", citizen_number.complete("990001900301001")
OLD = NUMBER[:6] + NUMBER[8:17]


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    """The county with organisations, and a person whose fine lies sealed."""
    with building(module_world):
        send_files(module_world)
        identity = {"行政相对人类别": "自然人", "法定代表人": "", "证件类型": "身份证", "证件号码": NUMBER}
        module_world.batch(table([penalty("人", "", NAME, **identity)]), "penalty")
        for sent in module_world.home.tmp.glob("sent-*"):
            sent.unlink()
    return module_world


@pytest.fixture
def county(kept: World, home: Home, db: None) -> Iterator[World]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield lent(kept, home)


@pytest.fixture
def officer(county: World) -> Client:
    client = Client()
    client.force_login(county.officer("lin.xinyu"), backend=MODEL_BACKEND)
    return client


def nothing_kept(world: World, caplog: pytest.LogCaptureFixture, *words: str) -> None:
    assert found_in_database([NUMBER, *words]) == []
    assert found_in_files(world.home.root, [NUMBER, *words]) == []
    assert NUMBER not in caplog.text


ASKED: dict[str, Callable[[World], Any]] = {
    "a report": lambda world: issue_report(
        credit_code=NUMBER, kind="plain", by=SYSTEM, now=NOW, today=NOW.date(), purpose="招标"
    ),
    "a page": lambda world: organisation(PUBLIC, NUMBER),
    "an officer's archive": lambda world: organisation(world.scope, NUMBER),
    "a user of its own": lambda world: issue_binding_code(
        credit_code=NUMBER, region=world.region, for_holder=True, by=SYSTEM, now=NOW
    ),
}


@pytest.mark.parametrize("what", ASKED)
def test_there_is_none_of_it_for_a_citizen_number(county: World, caplog: pytest.LogCaptureFixture, what: str) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(XinhengError) as refused:
        ASKED[what](county)
    assert NUMBER not in f"{refused.value.message}{refused.value.advice}"
    nothing_kept(county, caplog)


@pytest.mark.parametrize("typed", [NUMBER, OLD, NAME, NAME[:2], f" {NUMBER} ", NUMBER.lower()])
def test_a_search_finds_no_person(county: World, caplog: pytest.LogCaptureFixture, typed: str) -> None:
    caplog.set_level(logging.DEBUG)
    for scope in (PUBLIC, county.scope):
        found = search(scope, typed, limit=20)
        assert (found.hits, found.similar, found.more) == ((), (), False)
    nothing_kept(county, caplog)


ADDRESSES = (
    "/search?q={}", "/api/v1/search?q={}", "/organisations/{}", "/api/v1/organisations/{}",
    "/api/v1/organisations/{}/records", "/reports/verify/{}",
)  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_number_in_an_address_is_not_answered_echoed_kept_or_logged(
    county: World, client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG)
    response = client.get(path.format(NUMBER))
    text = response.content.decode()
    assert NUMBER not in text
    assert NAME not in text
    nothing_kept(county, caplog)


def test_a_search_for_a_number_says_why_it_is_refused(county: World, client: Client) -> None:
    assert "自然人" in client.get("/search", {"q": NUMBER}, follow=True).content.decode()


def test_a_program_gets_no_person_by_any_question(county: World, client: Client) -> None:
    _, secret = create_api_client(
        name="办件系统", department=county.department(MARKET.code), scopes=("read", "submit"), by=SYSTEM, now=NOW
    )
    headers = {"Authorization": f"Bearer {secret}"}
    for path in ("/search?q={}", "/organisations/{}", "/organisations/{}/records", "/records/{}"):
        for asked in (NUMBER, NAME):
            answer = client.get(f"/api/v1{path.format(asked)}", headers=headers).content.decode()
            assert NUMBER not in answer
            assert "云市监罚〔2026〕人号" not in answer


def test_nothing_of_a_person_becomes_a_subject_a_record_or_an_effect(county: World) -> None:
    assert not Organisation.objects.filter(name__contains=NAME).exists()
    assert not Record.objects.filter(decision_no__contains="人").exists()
    subjects = set(Organisation.objects.values_list("id", flat=True))
    assert set(Effect.objects.values_list("subject_no", flat=True)) <= subjects


def test_no_export_and_no_list_has_a_person(county: World, officer: Client) -> None:
    day = NOW.date()
    assert (
        NAME.encode() not in exchange_file(county.scope, type="penalty", first=day, last=day, home=county.home).content
    )
    for path in (
        "/publicity/penalty",
        "/desk/records/find?type=penalty&q=云市监罚〔2026〕人号",
        "/desk/archives?q=人号",
    ):
        assert NAME not in officer.get(path).content.decode()


@pytest.mark.parametrize("pack", pack_names())
def test_persons_are_sealed_or_refused_by_every_contract_and_never_public(pack: str) -> None:
    for contract in load_contracts(pack).values():
        assert contract.persons in {"sealed", "refused"}, contract.key
        assert not any(field.published and field.personal for field in contract.fields), contract.key


def test_the_counter_is_the_only_door_that_opens_by_a_persons_number(county: World, officer: Client) -> None:
    assert officer.post("/desk/reports", {"code": NUMBER, "kind": "plain", "purpose": "查询"}).status_code == 400
    assert officer.get(f"/desk/archives/{NUMBER}").status_code in {302, 404}
    assert officer.post("/desk/organisation-users", {"credit_code": NUMBER, "seen": "on"}).status_code in {200, 400}
    assert found_in_database([NUMBER]) == []
