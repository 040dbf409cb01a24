"""Packs are layered, and every mistake in a file is told with its place."""

from datetime import date
from pathlib import Path

import pytest

from xinheng.base.errors import NotFound
from xinheng.rulebook.loader import load_pack, pack_names
from xinheng.rulebook.reading import RulebookError, Section, read_yaml
from xinheng.rulebook.rules import NoValueYet, value_at

RULE = """\
key: deadline
description: 公示期限
unit: 个工作日
values:
  2018-07-25:
    value: 7
    citation: 示例文件第一条
    verified: true
    reviewed_on: 2026-11-21
  2026-04-01:
    value: 5
    citation: 示例文件第二条
    verified: false
  2030-01-01:
    value: null
    citation: 示例文件废止
    verified: true
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def section_of(tmp_path: Path, text: str) -> Section:
    return read_yaml(write(tmp_path, "a/file.yaml", text), "a/file.yaml")


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(RulebookError) as caught:
        section_of(tmp_path, text)
    return str(caught.value)


def two_layers(tmp_path: Path) -> Path:
    write(tmp_path, "national/pack.yaml", "key: national\ntitle: 全国\n")
    write(tmp_path, "county/pack.yaml", "key: county\ntitle: 某县\nparent: national\n")
    return tmp_path


def test_a_key_given_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    message = refusal(tmp_path, "title: 甲\nother: 乙\ntitle: 丙\n")
    assert "a/file.yaml 第 3 行" in message
    assert "第 1 行" in message


def test_a_key_given_twice_deep_inside_is_refused_too(tmp_path: Path) -> None:
    assert "第 4 行" in refusal(tmp_path, "list:\n  - one:\n      a: 1\n      a: 2\n")


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "a/file.yaml 第 2 行" in refusal(tmp_path, "a: 1\nb: ]\n")


def test_a_file_that_is_not_a_mapping_is_refused(tmp_path: Path) -> None:
    assert "最外层" in refusal(tmp_path, "- 1\n- 2\n")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "最外层" in refusal(tmp_path, "")


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    assert "合并键" in refusal(tmp_path, "a: &x\n  k: v\nb:\n  <<: *x\n")


def test_a_yaml_tag_that_builds_objects_is_refused(tmp_path: Path) -> None:
    assert "不认识的 YAML 标签" in refusal(tmp_path, "a: !!python/object/apply:os.getcwd []\n")


def test_a_tag_on_plain_text_is_refused_too(tmp_path: Path) -> None:
    assert "第 2 行" in refusal(tmp_path, "b: 1\na: !secret text\n")


def test_a_list_that_holds_itself_is_refused(tmp_path: Path) -> None:
    assert "引用了自身" in refusal(tmp_path, "a: &a [*a]\n")


def test_a_date_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "无法读取的取值" in refusal(tmp_path, "a: 2026-02-30\n")


def test_a_key_nobody_asked_for_is_refused_with_its_line(tmp_path: Path) -> None:
    section = section_of(tmp_path, "title: 甲\ntitel: 乙\n")
    section.text("title")
    with pytest.raises(RulebookError, match="第 2 行：不认识的键“titel”"):
        section.done()


def test_a_number_where_text_is_due_is_refused(tmp_path: Path) -> None:
    section = section_of(tmp_path, "code: 990001\n")
    with pytest.raises(RulebookError, match="请加引号"):
        section.text("code")


def test_a_missing_key_is_told_with_the_line_of_its_section(tmp_path: Path) -> None:
    inner = section_of(tmp_path, "a: 1\nb:\n  c: 2\n").section("b")
    with pytest.raises(RulebookError, match="第 3 行：缺少“d”"):
        inner.text("d")


def test_a_word_outside_the_choice_is_refused_with_the_choice(tmp_path: Path) -> None:
    section = section_of(tmp_path, "level: town\n")
    with pytest.raises(RulebookError, match="province、city"):
        section.choice("level", ("province", "city"))


def test_the_files_of_a_folder_come_from_the_parent_first(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "county/law/b.yaml", "k: 1\n")
    write(root, "national/law/z.yaml", "k: 1\n")
    write(root, "national/law/a.yaml", "k: 1\n")
    files = list(load_pack("county", root).files("law"))
    assert [(file.pack, file.name) for file in files] == [
        ("national", "a"),
        ("national", "z"),
        ("county", "b"),
    ]


def test_a_single_file_comes_from_the_innermost_layer_that_has_it(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/words.yaml", "k: 外\n")
    assert load_pack("county", root).file("words.yaml").section.text("k") == "外"
    write(root, "county/words.yaml", "k: 内\n")
    assert load_pack("county", root).file("words.yaml").section.text("k") == "内"


def test_a_file_no_layer_has_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nothing\.yaml"):
        load_pack("county", two_layers(tmp_path)).file("nothing.yaml")


def test_a_pack_that_is_its_own_ancestor_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a/pack.yaml", "key: a\ntitle: 甲\nparent: b\n")
    write(tmp_path, "b/pack.yaml", "key: b\ntitle: 乙\nparent: a\n")
    with pytest.raises(RulebookError, match="上级"):
        load_pack("a", tmp_path)


def test_an_unknown_pack_is_not_found_and_the_known_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="county、national"):
        load_pack("somewhere", two_layers(tmp_path))


def test_a_value_is_chosen_by_day(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/parameters/deadline.yaml", RULE)
    rule = load_pack("county", root).rules()["deadline"]
    assert value_at(rule, date(2018, 7, 25)).value == 7
    assert value_at(rule, date(2026, 3, 31)).value == 7
    later = value_at(rule, date(2026, 4, 1))
    assert (later.value, later.verified, str(later.place)) == (
        5,
        False,
        "national/parameters/deadline.yaml 第 10 行",
    )


def test_before_the_first_value_and_after_its_end_there_is_none(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/parameters/deadline.yaml", RULE)
    rule = load_pack("county", root).rules()["deadline"]
    for day in (date(2018, 7, 24), date(2030, 1, 1)):
        with pytest.raises(NoValueYet, match="公示期限"):
            value_at(rule, day)


def test_the_inner_layer_replaces_a_rule_as_a_whole(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/parameters/deadline.yaml", RULE)
    inner = "  2020-01-01: {value: 3, citation: 办法, verified: false}\n"
    head = "key: deadline\ndescription: 本县期限\nvalues:\n"
    write(root, "county/parameters/deadline.yaml", head + inner)
    assert [dated.value for dated in load_pack("county", root).rules()["deadline"].values] == [3]


def test_two_rules_of_one_key_in_one_layer_are_refused(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/parameters/one.yaml", RULE)
    write(root, "national/parameters/two.yaml", RULE)
    with pytest.raises(RulebookError, match="重复"):
        load_pack("county", root).rules()


def test_a_verified_value_without_citation_is_refused(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    bare = RULE.replace("citation: 示例文件第一条", 'citation: ""')
    write(root, "national/parameters/deadline.yaml", bare)
    with pytest.raises(RulebookError, match="出处"):
        load_pack("county", root).rules()


def test_a_fraction_must_be_written_as_text(tmp_path: Path) -> None:
    root = two_layers(tmp_path)
    write(root, "national/parameters/deadline.yaml", RULE.replace("value: 7", "value: 0.7"))
    with pytest.raises(RulebookError, match="小数"):
        load_pack("county", root).rules()


def test_all_shipped_packs_load_with_all_their_files() -> None:
    assert {"national", "demo"} <= set(pack_names())
    for name in pack_names():
        pack = load_pack(name)
        pack.rules()
        for folder in ("catalogue", "law", "publicity", "contacts"):
            list(pack.files(folder))


def test_the_demo_pack_says_that_it_is_fictional() -> None:
    demo = load_pack("demo")
    assert demo.fictional
    assert demo.notice == "演示数据，均为虚构"
    assert demo.region is not None
    assert demo.region.code == "990001"
