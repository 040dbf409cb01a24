"""A contract that contradicts itself, or a field without basis, is refused with file and line."""

from typing import Any

import pytest

from xinheng.rulebook.reading import RulebookError

NAME_ROLE = "roles: {subject_name: name}"


def test_the_sample_contract_itself_is_accepted(county: Any) -> None:
    contract = county.read()
    assert contract.names == ("name", "number", "operation", "withdrawal_reason")
    assert contract.roles.subject_name == "name"


@pytest.mark.parametrize("missing", ["item: penalty, ", ', provision: "test-law#第一条"'])
def test_a_field_without_item_or_provision_is_refused_whatever_its_name(county: Any, missing: str) -> None:
    field = county.extra("business_scope", "经营范围")
    assert county.read(county.contract + field)
    with pytest.raises(RulebookError, match=r"sample\.yaml 第 19 行.*不得收集"):
        county.read(county.contract + field.replace(missing, ""))


def test_a_field_of_an_item_outside_the_catalogue_is_refused(county: Any) -> None:
    field = county.extra("business_scope", "经营范围").replace("item: penalty", "item: hobbies")
    with pytest.raises(RulebookError, match="不在目录中"):
        county.read(county.contract + field)


def test_a_field_under_a_provision_nobody_registered_is_refused(county: Any) -> None:
    field = county.extra("business_scope", "经营范围").replace("第一条", "第九条")
    with pytest.raises(RulebookError, match=r"test-law#第九条.*法律依据目录"):
        county.read(county.contract + field)


def test_a_field_without_a_chinese_label_is_refused(county: Any) -> None:
    with pytest.raises(RulebookError, match="中文名称"):
        county.read(county.contract + county.extra("zjqk", "ZJQK2"))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("personal: true, published: true", "不能公示"),
        ("lenght: 20", "不认识的键“lenght”"),
        ("required: sometimes", "只能是"),
        ("list: outcomes", "代码表"),
        ("list: nothing", "没有代码表"),
        ("aliases: [文书号]", "同时指向"),
        ("code: number", "同时指向"),
    ],
)
def test_a_field_that_contradicts_itself_or_another_is_refused(county: Any, more: str, reason: str) -> None:
    with pytest.raises(RulebookError, match=reason):
        county.read(county.contract + county.extra(more=more))


def test_an_enum_without_a_code_list_is_refused(county: Any) -> None:
    with pytest.raises(RulebookError, match="代码表"):
        county.read(county.contract + county.extra().replace("type: text", "type: enum"))


def test_a_citizen_number_that_is_not_marked_personal_is_refused(county: Any) -> None:
    with pytest.raises(RulebookError, match="必须标为个人信息"):
        county.read(county.contract + county.extra().replace("type: text", "type: citizen_number"))


def test_two_fields_of_one_name_are_refused(county: Any) -> None:
    with pytest.raises(RulebookError, match="出现 2 次"):
        county.read(county.contract + county.extra("name", "另一名称"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("key: sample", "key: other", "与文件同名"),
        ("item: penalty\npublicity", "item: nothing\npublicity", "不在目录中"),
        (NAME_ROLE, "roles: {subject_name: nobody}", "不存在"),
        (NAME_ROLE, "roles: {subject_name: name, subjekt: name}", "不认识的角色"),
        (NAME_ROLE, "roles: {subject_name: name, other_codes: [nothing]}", "不存在"),
        (NAME_ROLE, 'roles: {subject_name: ""}', "没有指明主体名称"),
        ("[number, subject]", "[nothing]", "不存在"),
        ("[number, subject]", "[]", "不能为空"),
        ("publicity: public", "publicity: internal", "不能有公示规则"),
        ("publicity: public\npublication_rule: penalty", "publicity: internal", "不能有公示字段"),
        ("update_cycle: 每日\n", "", "缺少“update_cycle”"),
        ("citation: 测试\nverified: false", 'citation: ""\nverified: true', "出处"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(county: Any, old: str, new: str, reason: str) -> None:
    assert old in county.contract
    with pytest.raises(RulebookError, match=reason):
        county.read(county.contract.replace(old, new))


def test_a_persons_number_may_not_be_a_key_and_must_be_personal(county: Any) -> None:
    text = county.contract + county.extra("person_no", "证件号")
    with pytest.raises(RulebookError, match="必须标为个人信息"):
        county.read(text.replace(NAME_ROLE, "roles: {subject_name: name, person_id: person_no}"))
    personal = county.contract + county.extra("person_no", "证件号", "personal: true")
    with pytest.raises(RulebookError, match="不能作业务主键"):
        county.read(personal.replace("[number, subject]", "[person_no]"))


def test_a_group_nobody_wrote_is_refused(county: Any) -> None:
    include = '  - {group: nothing, item: penalty, provision: "test-law#第一条"}\n'
    with pytest.raises(RulebookError, match="没有字段组"):
        county.read(county.contract + include)


def test_a_group_included_without_a_basis_is_refused(county: Any) -> None:
    county.write(
        "catalogue/groups/more.yaml",
        "description: 组\nfields:\n  - {name: extra, label: 其他, type: text, suffix: QT, other_suffixes: [QT2]}\n",
    )
    with pytest.raises(RulebookError, match="不得收集"):
        county.read(county.contract + "  - {group: more}\n")
    include = '  - {group: more, prefix: CF, item: penalty, provision: "test-law#第一条"}\n'
    field = county.read(county.contract + include).field("extra")
    assert (field.code, field.aliases) == ("CF_QT", ("CF_QT2",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("values: [甲, 甲]", "重复"),
        ("values: []", "至少"),
        ("values: [甲]\nopen_value: 乙", "不在取值之中"),
        ("values: [甲]\nsynonyms: {乙: 丙}", "左边应是别的写法"),
        ("values: [甲, 乙]\nsynonyms: {乙: 甲}", "左边应是别的写法"),
        ("values: [甲]\nmeanings: {乙: 丙}", "不在取值之中"),
    ],
)
def test_a_code_list_that_contradicts_itself_is_refused(county: Any, text: str, reason: str) -> None:
    head = "key: outcomes\ntitle: 结果\ncitation: 测试\nverified: false\n"
    county.write("catalogue/lists/outcomes.yaml", head + text + "\n")
    with pytest.raises(RulebookError, match=reason):
        county.read()
