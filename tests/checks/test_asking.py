"""What may be asked: the quick way of reading a code refuses whatever the careful one refuses."""

from hypothesis import given
from hypothesis import strategies as st
from tests.checks.counter import CITIZEN

from xinheng.audit.actor import Actor
from xinheng.base.errors import XinhengError
from xinheng.base.identifiers import citizen_number
from xinheng.checks import asking
from xinheng.checks.asking import Asker, Errand, Question, question
from xinheng.checks.items import BusinessItem
from xinheng.people.purposes import Purpose

ASKER = Asker(Actor.system("测试"), 1, "990001", 1, "119900010000084085", "部门")
ABOUT = Errand(ASKER, BusinessItem("A-1", "事项", (), (), "", True, "demo"), "", Purpose("service", "", "", False))
CODES = st.one_of(
    st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]", fullmatch=True),
    st.sampled_from(["0" * 18, "0" * 17 + "X", CITIZEN]),
)


def carefully(code: str) -> object:
    """The same question without the quick way."""
    quick, asking._PLAIN = asking._PLAIN, asking.re.compile(r"(?!)")
    try:
        return asked(code)
    finally:
        asking._PLAIN = quick


def asked(code: str) -> object:
    try:
        return question(ABOUT, code)
    except XinhengError as refusal:
        return type(refusal)


@given(CODES)
def test_the_quick_way_and_the_careful_one_agree(code: str):
    assert asked(code) == carefully(code)


@given(CODES)
def test_no_citizen_number_is_asked_about_without_doubt(code: str):
    found = asked(code)
    if citizen_number.is_citizen_number(code) and isinstance(found, Question):
        assert found.ambiguous
