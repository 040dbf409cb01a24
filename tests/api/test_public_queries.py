"""What everybody may ask over the API, and what nobody gets."""

import pytest
from tests.portal.senders import CITIZEN_NUMBER, REPRESENTATIVE, SHOP, SHOP_NAME

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def test_an_organisation_is_found_by_part_of_its_name(county, ask):
    found = ask("/search", q="浮光").json()
    assert [hit["organisation"]["name"] for hit in found["hits"]] == [SHOP_NAME]
    assert found["understood_as"] == "按名称片段匹配"


def test_pages_of_a_search_are_followed_by_their_cursor(county, ask):
    first = ask("/search", q="云屿县浮", limit=1).json()
    second = ask("/search", q="云屿县浮", limit=1, cursor=first["next_cursor"]).json()
    names = {page["hits"][0]["organisation"]["name"] for page in (first, second)}
    assert len(names) == 2
    assert second["next_cursor"] == ""


def test_a_citizen_number_is_refused_and_not_repeated(county, ask):
    response = ask("/search", q="110101199003070011")
    assert response.status_code == 422
    assert response["Content-Type"] == PROBLEM
    assert "110101199003070011" not in response.content.decode()


def test_a_record_is_found_by_its_document_number(county, ask):
    (record,) = ask("/search", q="云市监罚〔2026〕1号").json()["records"]
    assert record["decision_no"] == "云市监罚〔2026〕1号"


def test_an_organisation_answers_to_code_and_reference_alike(county, ask):
    by_code = ask(f"/organisations/{SHOP}").json()
    by_reference = ask(f"/organisations/{by_code['organisation']['ref']}").json()
    assert by_code == by_reference
    assert by_code["former_names"] == ["云屿县浮光小吃铺"]


def test_the_legal_representative_is_never_told(county, ask):
    told = ask(f"/organisations/{SHOP}").content.decode() + ask(f"/organisations/{SHOP}/records").content.decode()
    assert REPRESENTATIVE not in told
    assert CITIZEN_NUMBER not in told


def test_records_come_with_basis_period_and_source(county, ask):
    records = ask(f"/organisations/{SHOP}/records", type="penalty").json()["records"]
    (one,) = records
    assert one["basis"]
    assert one["starts"] == "2026-11-21"
    assert one["provenance"]["row_no"] == 2
    assert ask(f"/records/{one['ref']}").json() == one


def test_an_unknown_organisation_is_a_problem_with_a_sentence(county, ask):
    response = ask("/organisations/91990001MA0000999X")
    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    assert response.json()["detail"].endswith("。")


def test_a_cursor_that_is_not_ours_is_a_problem(county, ask):
    response = ask("/search", q="浮光", cursor="abc")
    assert response.status_code == 422
    assert response.json()["detail"] == "这一页的位置标记不对。"


@pytest.mark.parametrize("address", ["/nothing", "/records/zzz/zzz"])
def test_an_unknown_address_is_a_problem_not_a_page(db, ask, address):
    response = ask(address)
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)


def test_a_method_that_does_not_exist_is_a_problem_that_names_those_that_do(db, client):
    response = client.delete("/api/v1/search")
    assert (response.status_code, response["Content-Type"], response["Allow"]) == (405, PROBLEM, "GET")


def test_the_catalogue_names_the_provision_of_every_field(db, ask):
    page = ask("/catalogue/penalty").json()
    assert all(field["basis"] for field in page["fields"])
    assert {one["key"] for one in ask("/catalogue").json()} >= {"penalty", "licence", "organisation"}


def test_too_many_calls_are_put_off(db, ask, monkeypatch):
    monkeypatch.setattr("xinheng.api.access.PublicRate.allow_request", lambda self, request: False)
    monkeypatch.setattr("xinheng.api.access.PublicRate.wait", lambda self: 7)
    response = ask("/catalogue")
    assert (response.status_code, response["Content-Type"], response["Retry-After"]) == (429, PROBLEM, "7")
