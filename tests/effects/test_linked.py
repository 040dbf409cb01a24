"""The explanation tells how a record came to the organisation it is shown with."""

import pytest
from tests.effects.effects_world import NOW, TODAY, EffectsWorld

from xinheng.base.identifiers import credit_code
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries
from xinheng.register.models import Organisation, SubjectLink

pytestmark = pytest.mark.django_db
SCORED = "名称比对得 990 分，没有相近的其他单位"
BY_NAMES = "来源没有可用的代码，报送的名称“云屿浮光食品有限公司”经比对归到这个单位："


def linked_to(number: int, begins: str, **facts: object) -> SubjectLink:
    """A provisional number linked to an organisation whose code begins so."""
    code = credit_code.make(begins, "990001", "MA000009")
    bearer = Organisation.objects.create(
        id=9, name="云屿县浮光食品有限公司", name_key="", initials="", pinyin_key="", tokens=[], credit_code=code,
        kind=credit_code.CreditCode(code).subject_kind, status="operating", registered=True, created_batch_no=1,
    )  # fmt: skip
    values: dict[str, object] = {"number": number, "organisation": bearer, "known_from": NOW, "reason": SCORED}
    return SubjectLink.objects.create(**(values | facts))


def told(county: EffectsWorld, method: str) -> str:
    """What stands beside the batch in the explanation of a published record."""
    record = county.record(link_method=method)
    county.publish()
    decision = queries.why(PUBLIC, record.record_no, as_at=TODAY).children[-1]
    (statement,) = decision.children
    assert statement.children[-1].label == "批次"
    return next((one.text for one in statement.children if one.label == "归到这个单位"), "")


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("code", "按报送的统一社会信用代码"),
        ("old_code", "按报送的旧代码"),
        ("name", "报送的名称“云屿浮光食品有限公司”与登记的名称（含曾用名）一致"),
        ("officer", "由信用办核对后归到这个单位"),
        ("none", ""),
    ],
)
def test_why_tells_how_the_record_came_to_the_organisation(county: EffectsWorld, method: str, words: str):
    assert told(county, method) == words


def test_why_tells_that_names_were_compared_and_with_what_result(county: EffectsWorld):
    linked_to(500, "91")
    assert told(county, "match") == BY_NAMES + SCORED


def test_the_typed_name_of_an_individual_business_is_not_repeated(county: EffectsWorld):
    linked_to(500, "92")
    assert told(county, "match") == f"来源没有可用的代码，报送的名称经比对归到这个单位：{SCORED}"


def test_what_an_officer_noted_is_never_told(county: EffectsWorld):
    linked_to(500, "91", by=county.officer("lin.xinyu"), reason="电话问过店主")
    assert told(county, "officer") == "由信用办核对后归到这个单位"


def test_an_earlier_version_keeps_the_reason_that_comparing_gave(county: EffectsWorld):
    linked_to(500, "91", known_to=NOW)
    SubjectLink.objects.create(
        number=500, organisation_id=9, known_from=NOW, by=county.officer("lin.xinyu"), reason="电话问过店主"
    )
    assert told(county, "match") == BY_NAMES + SCORED
