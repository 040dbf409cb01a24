"""The published client library of yente speaks to `/match` without a change: another program's own words."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from tests.portal.senders import SHOP, SHOP_NAME

yente_client = pytest.importorskip(
    "yente_client", reason="NOT TRIED: yente-client is not installed (pip install yente-client)"
)
httpx = pytest.importorskip("httpx")

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A server closes connections between requests; the test's transaction must outlive them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def connect(secret: str) -> Any:
    """Their client, talking to our whole WSGI application."""
    transport = httpx.WSGITransport(app=get_wsgi_application())
    return yente_client.Client(base_url="http://testserver/api/v1", api_key=secret, transport=transport)


@pytest.fixture
def screening(county: Any, program: Any, kept_connection: None) -> Iterator[Any]:
    with connect(program(scopes=("check",)).secret) as client:
        yield client


def test_a_company_is_matched_and_explained(screening):
    found = screening.match(yente_client.Company(name="云屿浮光食品有限责任公司"))
    assert (found.top.caption, found.top.score, found.top.match) == (SHOP_NAME, 0.99, True)
    assert found.matches == [found.top]
    assert found.top.properties["uscCode"] == [SHOP]
    assert found.top.contributing_explanations["division_spelling"].detail == "区划写法不同：“云屿”与“云屿县”"


def test_an_unknown_name_has_no_results_and_a_limit_is_kept(screening):
    assert screening.match(yente_client.Organization(name="苍梧渔具厂"), limit=3).top is None


def test_a_veto_by_code_reaches_the_client(screening):
    found = screening.match(yente_client.Company(name=SHOP_NAME, registrationNumber="51990001500000TA3P"))
    assert found.results == []


def test_a_person_is_refused_in_the_clients_own_error(screening):
    with pytest.raises(yente_client.exceptions.BadRequestError, match="不受理自然人"):
        screening.match(yente_client.Person(name="某某某"))


def test_a_wrong_secret_is_an_error_of_identity(county, kept_connection):
    with connect("nobody") as client, pytest.raises(yente_client.exceptions.AuthenticationError):
        client.match(yente_client.Company(name=SHOP_NAME))
