"""`/match/{dataset}` in the shape screening clients know, for organisations only."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.portal.senders import SHOP, SHOP_NAME

from xinheng.audit.models import AuditEvent
from xinheng.register.models import Organisation
from xinheng.register.references import organisation_ref

pytestmark = pytest.mark.django_db
NUMBER = "99000119900307001X"


@pytest.fixture
def ask(county, program, client):
    """Ask by example, as a program that may check."""
    secret = program(scopes=("check",)).secret

    def post(queries: dict[str, Any], *, address: str = "default", scheme: str = "Bearer", **body: Any) -> Any:
        return client.post(
            f"/api/v1/match/{address}",
            json.dumps({"queries": queries, **body}),
            content_type="application/json",
            headers={"Authorization": f"{scheme} {secret}"},
        )

    return post


def company(name: str, **properties: str) -> dict[str, Any]:
    return {"schema": "Company", "properties": {"name": [name], **{key: [value] for key, value in properties.items()}}}


def test_an_organisation_is_found_with_score_and_reasons(ask):
    told = ask({"a": company("云屿浮光食品有限责任公司")}).json()
    (found,) = told["responses"]["a"]["results"]
    assert (found["caption"], found["schema"], found["score"], found["match"]) == (SHOP_NAME, "Company", 0.99, True)
    assert found["id"] == organisation_ref(Organisation.objects.get(credit_code=SHOP).pk)
    assert found["properties"] == {
        "name": [SHOP_NAME],
        "country": ["cn"],
        "uscCode": [SHOP],
        "registrationNumber": [SHOP],
    }
    assert found["features"] == {"division_spelling": -0.01, "form_spelling": 0.0}
    assert found["explanations"]["division_spelling"]["detail"] == "区划写法不同：“云屿”与“云屿县”"
    assert told["matcher"]["division_spelling"] == {"description": "区划写法不同", "coefficient": -0.01, "url": ""}


def test_a_doubtful_name_is_shown_and_is_no_match(ask):
    (found,) = ask({"a": company("云屿县浮光食杂有限公司")}).json()["responses"]["a"]["results"]
    assert (found["score"], found["match"]) == (0.84, False)


def test_another_valid_code_is_a_veto(ask):
    told = ask({"a": company(SHOP_NAME, uscCode="51990001500000TA3P")}).json()
    assert told["responses"]["a"]["results"] == []


def test_each_question_is_answered_under_its_own_name_and_echoed_as_understood(ask):
    told = ask({"x": company(SHOP_NAME), "y": company("苍梧渔具厂", registrationNumber=SHOP)}).json()["responses"]
    assert set(told) == {"x", "y"}
    assert told["y"]["query"]["properties"] == {"name": ["苍梧渔具厂"], "registrationNumber": [SHOP]}
    assert told["y"]["results"][0]["match"] is False
    assert told["x"]["total"] == {"value": 1, "relation": "eq"}


def test_a_cutoff_and_excluded_organisations_are_left_out(ask):
    doubtful = {"a": company("云屿县浮光食杂有限公司")}
    assert ask(doubtful, address="default?cutoff=0.9").json()["responses"]["a"]["results"] == []
    ref = organisation_ref(Organisation.objects.get(credit_code=SHOP).pk)
    excluded = ask(doubtful, address=f"default?exclude_entity_ids={ref}").json()
    assert excluded["responses"]["a"]["results"] == []


@pytest.mark.parametrize("schema", ["Person", "Passport", "Vessel", "人"])
def test_persons_are_refused_with_a_sentence(ask, schema):
    told = ask({"a": {"schema": schema, "properties": {"name": ["某某某"]}}})
    assert told.status_code == 400
    assert told.json()["detail"] == "本接口只比对单位，不受理自然人。"
    assert not AuditEvent.objects.filter(act="matching.asked").exists()


def test_a_persons_number_is_refused_and_kept_nowhere(ask):
    told = ask({"a": company("云屿县浮光食品有限公司", idNumber=NUMBER)})
    assert (told.status_code, told.headers["Content-Type"]) == (422, "application/problem+json")
    assert NUMBER not in told.content.decode()


def test_how_many_names_were_asked_is_logged_and_not_which(ask):
    ask({"a": company(SHOP_NAME), "b": company("苍梧渔具厂")})
    event = AuditEvent.objects.get(act="matching.asked")
    assert (event.actor_kind, event.detail) == ("client", {"names": 2})


def test_the_secret_may_be_sent_as_screening_clients_send_it(ask):
    assert ask({"a": company(SHOP_NAME)}, scheme="ApiKey").status_code == 200
    assert ask({"a": company(SHOP_NAME)}, scheme="Basic").status_code == 401


def test_a_program_without_the_permission_is_refused(county, program):
    caller = program(scopes=("read",))
    headers = {"Authorization": f"Bearer {caller.secret}"}
    body = json.dumps({"queries": {"a": company(SHOP_NAME)}})
    answer = Client().post("/api/v1/match/default", body, content_type="application/json", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("sanctions", {}, 404),
        ("default?algorithm=logic-v1", {}, 400),
        ("default?topics=sanction", {}, 400),
        ("default", {"weights": {"name_literal": 1.0}}, 400),
        ("default?threshold=2", {}, 422),
    ],
)
def test_what_this_dataset_does_not_have_is_said(ask, address, body, status):
    assert ask({"a": company(SHOP_NAME)}, address=address, **body).status_code == status


def test_an_example_without_a_name_is_refused(ask):
    assert ask({"a": {"schema": "Company", "properties": {}}}).status_code == 422
