"""What a person typing into the one search box finds."""

from datetime import date

import pytest
import register_world as world
from django.db import connection
from django.test.utils import CaptureQueriesContext
from register_world import OFFICER, code

from xinheng.base.identifiers import citizen_number, credit_code
from xinheng.base.scope import PUBLIC
from xinheng.register import name_search
from xinheng.register.models import Gate, LifeCycle
from xinheng.register.queries import records_by_decision_no, search

pytestmark = pytest.mark.django_db


def names(result) -> list[str]:
    return [hit.organisation.name for hit in result.hits]


def test_two_characters_of_a_name_find_it():
    world.organisation("云屿县鑫源商贸有限公司", code=code(1))
    world.organisation("云屿县晨曦餐饮管理有限公司", code=code(2))
    found = search(PUBLIC, "鑫源")
    assert names(found) == ["云屿县鑫源商贸有限公司"]
    assert (found.kind, found.understood_as, found.hits[0].matched) == (
        "name",
        "按名称片段匹配",
        "名称中含有",
    )


def test_one_character_is_answered_with_advice():
    found = search(PUBLIC, "鑫")
    assert found.kind == "nothing"
    assert "至少输入两个字" in found.understood_as


def test_characters_that_stand_apart_in_a_name_do_not_match_together():
    world.organisation("云屿县源鑫商贸有限公司")
    world.organisation("云屿县鑫旺来源商贸有限公司")
    assert search(PUBLIC, "鑫源").hits == ()


def test_the_exact_name_comes_first_then_beginnings_then_the_rest():
    inside = world.organisation("幻海市青禾种植专业合作社")
    begins_long = world.organisation("青禾种植专业合作社联合社")
    exact = world.organisation("青禾种植专业合作社")
    assert names(search(PUBLIC, "青禾种植专业合作社")) == [exact.name, begins_long.name, inside.name]


def test_of_equal_matches_the_operating_one_comes_first():
    gone = world.organisation("云屿县安然家具经营部", code=code(3), status=LifeCycle.CANCELLED)
    lives = world.organisation("云屿县安然家具经营部", code=code(4))
    assert [hit.organisation.id for hit in search(PUBLIC, "安然").hits] == [lives.id, gone.id]


def test_width_case_and_brackets_do_not_matter():
    firm = world.organisation("云屿（幻海）ａｂｃ·科技有限公司")
    for typed in ("云屿(幻海)ABC", "云屿幻海abc科技", "ＡＢＣ·科技", "屿 幻海"):
        assert names(search(PUBLIC, typed)) == [firm.name], typed


def test_pinyin_initials_find_a_name():
    firm = world.organisation("云屿县鑫源商贸有限公司")
    for typed in ("xysm", "XYSM", "yyxxysm"):
        found = search(PUBLIC, typed)
        assert (found.kind, names(found)) == ("initials", [firm.name])


def test_latin_letters_of_a_name_find_it_too():
    firm = world.organisation("云屿县TAIBAI体育用品有限公司")
    assert names(search(PUBLIC, "Taibai")) == [firm.name]


@pytest.mark.parametrize("typed", ["鑫圆商贸", "鑫源商茂", "星源商贸", "鑫商贸", "鑫源源商贸"])
def test_one_typo_still_finds_the_name(typed):
    firm = world.organisation("云屿县鑫源商贸有限公司")
    found = search(PUBLIC, typed)
    assert (found.kind, names(found)) == ("typo", [firm.name])
    assert found.hits[0].matched == "名称只差一个字"


def test_names_one_character_apart_stand_beside_the_exact_hit():
    world.organisation("云屿县鑫源商贸有限公司", code=code(1))
    world.organisation("云屿县鑫缘商贸有限公司", code=code(2))
    found = search(PUBLIC, "云屿县鑫源商贸有限公司")
    assert names(found) == ["云屿县鑫源商贸有限公司"]
    assert [hit.organisation.name for hit in found.similar] == ["云屿县鑫缘商贸有限公司"]


def test_a_name_that_nobody_bears_is_answered_with_names_that_share_a_part():
    world.organisation("云屿县鑫源商贸有限公司")
    found = search(PUBLIC, "鑫源天地文化传播")
    assert (found.kind, found.hits) == ("nothing", ())
    assert [hit.organisation.name for hit in found.similar] == ["云屿县鑫源商贸有限公司"]


def test_a_former_name_finds_the_organisation_and_says_so():
    firm = world.organisation("云屿县朝霞食品有限公司", former=("云屿县旭日食品厂",))
    found = search(PUBLIC, "旭日食品")
    assert names(found) == [firm.name]
    assert found.hits[0].matched == "曾用名匹配：云屿县旭日食品厂"


def test_a_code_finds_its_organisation_however_it_is_written():
    firm = world.organisation("云屿县鑫源商贸有限公司", code=code(1))
    spaced = f" {code(1)[:8].lower()} {code(1)[8:]}"
    for typed in (code(1), spaced):
        found = search(PUBLIC, typed)
        assert (found.kind, names(found)) == ("code", [firm.name])


def test_an_old_registration_number_finds_the_organisation():
    firm = world.organisation("云屿县鑫源商贸有限公司", code=code(1))
    world.number(firm, "990001000012340", known_to=world.NOW)
    found = search(PUBLIC, "990001000012340")
    assert names(found) == [firm.name]
    assert found.hits[0].matched == "曾用工商注册号一致"


VALID_OF_THE_DEMO = "99000119900307777" + citizen_number.check_character("99000119900307777")


@pytest.mark.parametrize(
    "typed",
    [
        VALID_OF_THE_DEMO,
        "110101199003077715",
        "张三 110101199003077715",
        "110101 19900307 7715",
        "110101900307771",
    ],
)
def test_a_citizen_number_is_refused_and_not_repeated(typed):
    with CaptureQueriesContext(connection) as queries:
        found = search(PUBLIC, typed)
    assert (found.kind, found.text, found.hits) == ("refused", "", ())
    assert "1990" not in str(found)
    assert not any("1990" in query["sql"] for query in queries)


BOTH = "37010219620630863" + citizen_number.check_character("37010219620630863")
"""A citizen number that is a valid credit code as well."""


def test_a_number_that_could_be_both_is_a_code_only_when_an_organisation_bears_it():
    assert credit_code.inspect(BOTH).genuine
    assert citizen_number.is_citizen_number(BOTH)
    found = search(PUBLIC, BOTH)
    assert (found.kind, found.text) == ("refused", "")
    firm = world.organisation("云屿县鑫源商贸有限公司", code=BOTH)
    assert names(search(PUBLIC, BOTH)) == [firm.name]


def test_a_very_common_text_shows_a_part_and_asks_for_more(monkeypatch):
    monkeypatch.setattr(name_search, "COMMON", 3)
    for serial, character in enumerate("甲乙丙丁戊己"):
        world.organisation(f"云屿县{character}山商贸有限公司", code=code(serial))
    world.organisation("商贸有限公司联合会")
    found = search(PUBLIC, "商贸有限公司", limit=4)
    assert "请再多输入几个字" in found.understood_as
    assert names(found)[0] == "商贸有限公司联合会"
    assert (len(found.hits), found.more) == (4, True)
    rest = search(PUBLIC, "商贸有限公司", limit=4, offset=4)
    assert not set(names(rest)) & set(names(found))
    assert (len(rest.hits), rest.more) == (3, False)


@pytest.mark.parametrize("typed", ["商贸有限", "smyx"])
def test_what_nearly_every_name_has_is_looked_for_in_slices_of_the_table_without_doubles(monkeypatch, typed):
    for name, value in (("COMMON", 2), ("VERY_COMMON", 3), ("SLICES", 4), ("SLICE", 2)):
        monkeypatch.setattr(name_search, name, value)
    for serial in range(9):
        world.organisation(f"云屿县{'甲乙丙丁戊己庚辛壬'[serial]}山商贸有限公司", code=code(serial))
    pages = [search(PUBLIC, typed, limit=4, offset=start) for start in (0, 4, 8)]
    found = [one for page in pages for one in names(page)]
    assert len(found) == len(set(found)) == 9
    assert [page.more for page in pages] == [True, True, False]


def test_pages_follow_each_other_without_gap_or_double():
    for serial in range(7):
        world.organisation(f"云屿县海星第{'一二三四五六七'[serial]}商行")
    pages = [search(PUBLIC, "海星", limit=3, offset=start) for start in (0, 3, 6)]
    assert [len(page.hits) for page in pages] == [3, 3, 1]
    assert [page.more for page in pages] == [True, True, False]
    assert len({hit.organisation.id for page in pages for hit in page.hits}) == 7


def test_whoever_is_known_only_from_a_held_decision_is_not_found_by_the_public():
    hidden = world.organisation("云屿县松涛家具有限公司", registered=False)
    world.record(hidden, gate=Gate.HELD)
    assert search(PUBLIC, "松涛").hits == ()
    assert names(search(OFFICER, "松涛")) == [hidden.name]


def test_whoever_is_known_only_from_an_open_decision_is_found():
    known = world.organisation("云屿县松涛家具有限公司", registered=False)
    world.record(known)
    assert names(search(PUBLIC, "松涛")) == [known.name]


def test_signs_of_the_pattern_language_are_only_characters():
    world.organisation("云屿县鑫源商贸有限公司")
    assert search(PUBLIC, "%鑫_").hits == ()
    assert search(PUBLIC, "'; DROP TABLE").hits == ()


class TestDocumentNumbers:
    def test_any_bracket_around_the_year_finds_the_record(self):
        one = world.record(world.organisation("云屿县鑫源商贸有限公司"), decision_no="云市监罚〔2026〕12号")
        for typed in (
            "云市监罚〔2026〕12号",
            "云市监罚[2026]12号",
            "云市监罚（2026）12号",
            "云市监罚【2026】 12号",
        ):
            assert records_by_decision_no(PUBLIC, typed) == (one.record_no,)

    def test_a_number_sent_with_other_brackets_is_found_by_the_usual_ones(self):
        one = world.record(world.organisation("云屿县鑫源商贸有限公司"), decision_no="云市监罚[2026]12号")
        assert records_by_decision_no(PUBLIC, "云市监罚〔2026〕12号") == (one.record_no,)

    def test_the_beginning_of_a_number_finds_the_newest_first(self):
        firm = world.organisation("云屿县鑫源商贸有限公司")
        old = world.record(firm, decision_no="云市监罚〔2026〕12号", decided_on=date(2026, 1, 5))
        new = world.record(firm, decision_no="云市监罚〔2026〕127号", decided_on=date(2026, 6, 5))
        assert records_by_decision_no(PUBLIC, "云市监罚〔2026〕12") == (new.record_no, old.record_no)

    def test_the_public_does_not_find_held_unlinked_or_withdrawn_records(self):
        firm = world.organisation("云屿县鑫源商贸有限公司")
        first = world.record(firm, gate=Gate.HELD)
        second = world.unlinked_record()
        third = world.record(firm, withdrawn=True, withdrawal_reason="决定已撤销")
        assert records_by_decision_no(PUBLIC, "云市监罚〔2026〕12号") == ()
        found = records_by_decision_no(OFFICER, "云市监罚〔2026〕12号")
        assert set(found) == {first.record_no, second.record_no, third.record_no}

    def test_officers_of_another_region_do_not_find_it(self):
        world.record(world.organisation("云屿县鑫源商贸有限公司"))
        assert records_by_decision_no(world.ELSEWHERE, "云市监罚〔2026〕12号") == ()

    def test_the_search_box_knows_a_document_number(self):
        firm = world.organisation("云屿县鑫源商贸有限公司")
        world.record(firm)
        assert names(search(OFFICER, "云市监罚〔2026〕12号")) == [firm.name]
        found = search(PUBLIC, "云市监罚〔2026〕12号")
        assert (found.kind, found.hits) == ("decision_no", ())
