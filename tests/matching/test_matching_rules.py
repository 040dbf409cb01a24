"""What must hold for all names, however they are composed: Hypothesis looks for two that break it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from xinheng.matching.matcher import Match, Verdict, match_names
from xinheng.matching.vocabulary import FULL, vocabulary

WORDS = vocabulary("demo")
CODES = ("91990001MA0000TE6B", "92990001MA0000TF43", "51990001500000TA3P", "")

place = st.sampled_from(["", "云屿县", "云屿", "幻海市", "山东省博兴县", "博兴", "通化", "通化县", "青岛市"])
brand = st.text("云帆海鑫源达宏远瑞丰", min_size=1, max_size=4)
trade = st.sampled_from(["", "商贸", "机械配件", "食品", "建筑工程", "新型建材", "养殖专业"])
form = st.sampled_from(["", "有限公司", "有限责任公司", "股份有限公司", "公司", "厂", "合作社", "集团有限公司"])
branch = st.sampled_from(["", "城东分公司", "第二分公司", "三分店", "云屿项目部"])
composed = st.builds(lambda *parts: "".join(parts), place, brand, trade, form, branch)
anything = st.one_of(composed, st.text(max_size=30), st.text("一二三第分公司有限(（）)·云帆 a1", max_size=20))


def judged(one: str, other: str, code: str = "", other_code: str = "") -> Match:
    return match_names(one, other, WORDS, code=code, other_code=other_code)


@given(anything, anything, st.sampled_from(CODES), st.sampled_from(CODES))
def test_it_does_not_matter_which_name_comes_first(one, other, code, other_code):
    there, back = judged(one, other, code, other_code), judged(other, one, other_code, code)
    assert (there.verdict, there.score) == (back.verdict, back.score)
    assert sorted((reason.key, reason.points) for reason in there.reasons) == sorted(
        (reason.key, reason.points) for reason in back.reasons
    )


@given(anything)
def test_a_name_is_itself(name):
    assert judged(name, name) == judged(name, name)
    assert (judged(name, name).verdict, judged(name, name).score) == (Verdict.SAME, FULL)


@given(anything, anything)
def test_names_that_differ_always_have_a_reason(one, other):
    found = judged(one, other)
    assert found.reasons
    assert all(isinstance(reason.points, int) and reason.points >= 0 for reason in found.reasons)
    assert found.score == max(0, FULL - sum(reason.points for reason in found.reasons))


@given(anything, anything)
def test_a_different_valid_code_always_wins(one, other):
    found = judged(one, other, CODES[0], CODES[2])
    assert (found.verdict, found.score) == (Verdict.DIFFERENT, 0)


@given(place, brand, trade, st.integers(1, 99))
def test_adding_an_ordinal_never_gives_the_same(where, what, does, count):
    name = f"{where}{what}{does}有限公司"
    assert judged(name, f"{name}第{count}分公司").verdict is not Verdict.SAME


@given(place, brand, trade, form, st.integers(1, 99), st.integers(1, 99))
def test_two_ordinals_are_two_organisations(where, what, does, of, one, other):
    assume(one != other)
    name = f"{where}{what}{does}{of}"
    assert judged(f"{name}第{one}分店", f"{name}第{other}分店").verdict is Verdict.DIFFERENT


@given(composed, st.integers(0, 30), st.sampled_from("云帆海鑫源达宏远瑞丰"))
def test_one_replaced_character_of_a_brand_never_gives_the_same(name, at, character):
    assume("云帆" not in name)
    head = f"云屿县云帆{name}"
    replaced = f"云屿县云{character}{name}"
    assume(head != replaced)
    assert judged(head, replaced).verdict is not Verdict.SAME


@given(brand, trade, form)
def test_two_places_are_two_organisations(what, does, of):
    rest = f"{what}{does}商行{of}"
    assert judged(f"青岛市{rest}", f"济南市{rest}").verdict is Verdict.DIFFERENT


@given(
    place,
    brand,
    trade,
    st.sampled_from(["有限公司", "股份有限公司"]),
    st.sampled_from(["城东分公司", "三分店", "项目部"]),
)
def test_a_branch_is_never_the_house_itself(where, what, does, of, part):
    name = f"{where}{what}{does}{of}"
    assert judged(name, name + part).verdict is not Verdict.SAME
