"""How a name is taken apart, and what two names are to each other; invented firms in real and in fictional places."""

import pytest

from xinheng.matching.matcher import Verdict, match_names
from xinheng.matching.reading import number, read_name
from xinheng.matching.vocabulary import Vocabulary, matching_mistakes, vocabulary
from xinheng.rulebook.loader import pack_names

SAME, UNSURE, DIFFERENT = Verdict.SAME, Verdict.UNSURE, Verdict.DIFFERENT
ONE, OTHER = "91990001MA0000TE6B", "51990001500000TA3P"


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary("demo")


def parts(name: str, words: Vocabulary) -> tuple[list[str], str, str, str, tuple[int, ...]]:
    read = read_name(name, words)
    return [one.written for one in read.divisions], read.core, read.form, read.branch, read.ordinals


def test_divisions_stand_at_the_beginning_each_within_the_one_before(words):
    assert parts("山东省博兴县云帆板业有限公司", words)[:3] == (["山东省", "博兴县"], "云帆板业", "limited")


def test_a_division_of_the_fictional_county_is_one(words):
    assert parts("云屿县鑫海商贸有限公司", words)[:2] == (["云屿县"], "鑫海商贸")


def test_a_division_that_is_not_within_the_one_before_is_brand(words):
    assert parts("青岛东方云帆商贸有限公司", words)[:2] == (["青岛"], "东方云帆商贸")


def test_a_division_alone_is_no_name(words):
    assert parts("长安有限公司", words)[:2] == ([], "长安")


def test_a_county_with_an_ending_it_gave_up_is_found(words):
    assert parts("章丘市云帆食品厂", words)[:2] == (["章丘市"], "云帆食品厂")


def test_what_follows_the_form_is_the_branch(words):
    assert parts("云帆物流有限公司汶上分公司", words)[1:4] == ("云帆物流", "limited", "汶上分公司")


def test_a_branch_is_not_the_form(words):
    assert parts("云帆建筑公司第三分公司", words)[1:] == ("云帆建筑", "company", "#分公司", (3,))


def test_numbers_that_are_part_of_a_brand_are_no_ordinals(words):
    assert parts("云屿县九一弹簧厂", words)[4] == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("五十三", 53), ("一百零三", 103), ("二〇一", 201), ("12", 12)],
)
def test_numbers_are_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("云帆商贸（云屿）有限公司", "云帆商贸(云屿)有限公司", SAME),
        ("云 帆商贸有限公司", "云帆商贸有限公司", SAME),
        ("雲帆貿易有限公司", "云帆贸易有限公司", SAME),
        ("云帆商贸有限公司.", "云帆商贸有限公司", SAME),
        ("云屿县云帆商贸有限公司", "云屿云帆商贸有限公司", SAME),
        ("淄博市博山云帆机械厂", "博山云帆机械厂", SAME),
        ("山东省博兴县云帆板业有限公司", "博兴县云帆板业有限公司", SAME),
        ("章丘市云帆食品有限公司", "章丘区云帆食品有限公司", SAME),
        ("云屿县云帆商贸有限责任公司", "云屿县云帆商贸有限公司", SAME),
        ("云屿县云帆商贸", "云屿县云帆商贸有限公司", SAME),
        ("云屿县云帆胶管厂（普通合伙）", "云屿县云帆胶管厂", SAME),
        ("云屿县云帆实业实业有限公司", "云屿县云帆实业有限公司", SAME),
        ("云屿县云帆达机械有限公司", "云屿县云帆机械有限公司", SAME),
        ("云屿县帆云机械有限公司", "云屿县云帆机械有限公司", SAME),
        ("云屿县云帆工程材料有限公司", "云屿县云帆材料工程有限公司", SAME),
        ("云屿县云帆建筑公司第12分公司", "云屿县云帆建筑公司第十二分公司", SAME),
        ("云屿县云帆机械有限公司", "云屿县云航机械有限公司", UNSURE),
        ("云屿县云帆机械有限公司", "云屿县匀帆机械有限公司", UNSURE),
        ("云屿县昇帆机械有限公司", "云屿县升帆机械有限公司", UNSURE),
        ("云屿县新云帆机械有限公司", "云屿县云帆机械有限公司", UNSURE),
        ("云屿县云帆机械股份有限公司", "云屿县云帆机械有限公司", UNSURE),
        ("云屿县云帆机械有限公司汶上分公司", "云屿县云帆机械有限公司", UNSURE),
        ("山东云帆机械有限公司", "博兴县云帆机械有限公司", UNSURE),
        ("通化云帆机械有限公司", "通化县云帆机械有限公司", UNSURE),
        ("云帆车业有限公司", "云屿县云帆车业有限公司", UNSURE),
        ("云屿县第二建筑公司", "云屿县建筑公司", UNSURE),
        ("云屿县云帆", "云屿县云帆机械有限公司", UNSURE),
        ("云屿县第一建筑公司", "云屿县第二建筑公司", DIFFERENT),
        ("云帆药房有限公司五十二零售部", "云帆药房有限公司五十三零售部", DIFFERENT),
        ("云帆大药房有限公司第五十二零售部", "云帆大药房有限公司第五十三零售部", DIFFERENT),
        ("云帆加油站有限公司城东加油站", "云帆加油站有限公司大营加油站", DIFFERENT),
        ("云屿县东云帆机械厂", "云屿县西云帆机械厂", DIFFERENT),
        ("青岛云帆机械有限公司", "济南云帆机械有限公司", DIFFERENT),
        ("通化市云帆机械有限公司", "吉林市云帆机械有限公司", DIFFERENT),
        ("云屿县鑫海商贸有限公司", "云屿县宏达商贸有限公司", DIFFERENT),
        ("", "云帆机械有限公司", DIFFERENT),
    ],
)  # fmt: skip
def test_the_verdict_on_two_names(words, one, other, verdict):
    found = match_names(one, other, words)
    assert found.verdict is verdict, found
    assert match_names(other, one, words).verdict is verdict


def test_every_reason_has_words_and_the_score_is_what_they_leave(words):
    found = match_names("云屿云帆达商贸有限公司", "云屿县云帆商贸有限责任公司", words)
    assert [(one.key, one.points) for one in found.reasons] == [
        ("division_spelling", 10),
        ("inserted", 80),
        ("form_spelling", 0),
    ]
    assert all(one.words for one in found.reasons)
    assert found.score == 910


def test_a_different_valid_code_is_a_veto_whatever_the_names(words):
    found = match_names("云帆商贸有限公司", "云帆商贸有限公司", words, code=ONE, other_code=OTHER)
    assert (found.verdict, found.score, found.reasons[0].key) == (DIFFERENT, 0, "code_other")


def test_a_code_with_a_wrong_check_digit_is_no_veto(words):
    assert (
        match_names("云帆商贸有限公司", "云帆商贸有限公司", words, code=ONE, other_code=f"{OTHER[:-1]}0").verdict
        is SAME
    )


def test_the_same_code_settles_a_doubtful_name(words):
    assert match_names("云航商贸有限公司", "云帆商贸有限公司", words, code=ONE, other_code=ONE.lower()).verdict is SAME


def test_the_same_code_under_a_name_without_likeness_is_a_question(words):
    found = match_names("大营村养殖合作社", "云帆商贸有限公司", words, code=ONE, other_code=ONE)
    assert found.verdict is UNSURE


def test_the_verdict_names_who_judged(words):
    assert match_names("甲", "乙", words).version == "1.1"


@pytest.mark.parametrize("pack", pack_names())
def test_the_words_and_points_of_every_pack_hold(pack):
    assert matching_mistakes(pack) == []
