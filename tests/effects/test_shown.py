"""What a public page gets to see of a record, and of lists of them."""

from datetime import date, timedelta

import pytest
from tests.effects.effects_world import NOW, OFFICE, SYSTEM, TODAY, EffectsWorld

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects import queries
from xinheng.effects.actions import suspend_effects

pytestmark = pytest.mark.django_db


def test_a_record_shows_published_fields_only_and_never_a_person(county: EffectsWorld):
    record = county.record()
    county.publish()

    shown = queries.published(PUBLIC, record.record_no, as_at=TODAY)

    assert ("行政相对人名称", "云屿浮光食品有限公司") in shown.fields
    assert "顾长风" not in str(shown)
    assert shown.severity_set_by.startswith("依据《信用修复管理办法》")
    assert {line.text_key for line in shown.basis} >= {"order-36-2025", "ndrc-2018-424", "demo-measures"}
    assert (shown.starts, shown.last_day, shown.mark) == (TODAY, date(2027, 5, 19), "")


def test_an_objection_marks_the_record_and_leaves_it_public(county: EffectsWorld):
    record = county.record()
    county.publish()

    suspend_effects(
        effect_ids=[county.effect(record).pk],
        cause="objection:1",
        hides=False,
        reason="异议受理",
        by=SYSTEM,
        now=NOW,
        today=TODAY,
    )

    assert queries.published(PUBLIC, record.record_no, as_at=TODAY).mark == "异议处理中"
    assert queries.counts(PUBLIC, as_at=TODAY).by_type == {"penalty": 1}


def test_an_organisation_shows_its_records_newest_first(county: EffectsWorld):
    older, newer = county.record(decided_on=date(2026, 5, 1)), county.record(decided_on=date(2026, 6, 1))
    county.record(subject_no=501)
    county.publish()

    shown = queries.published_of(PUBLIC, 500, as_at=TODAY)

    assert [one.record_no for one in shown] == [newer.record_no, older.record_no]
    assert queries.published_of(PUBLIC, 500, as_at=TODAY, type="licence") == ()


def test_a_list_is_read_page_by_page_without_gaps_or_repeats(county: EffectsWorld):
    records = [county.record(decided_on=date(2026, 5, 1) + timedelta(days=number // 2)) for number in range(7)]
    county.publish()
    expected = [one.record_no for one in sorted(records, key=lambda one: (one.decided_on, one.pk), reverse=True)]

    seen, after = [], ""
    while True:
        page = queries.published_list(PUBLIC, type="penalty", as_at=TODAY, limit=3, after=after or None)
        seen += [row.record_no for row in page.rows]
        after = page.next_cursor
        if not after:
            break

    assert seen == expected


def test_a_list_is_narrowed_by_department_and_month(county: EffectsWorld):
    office = county.department(OFFICE)
    mine = county.record(department=office, decided_on=date(2026, 6, 30))
    county.record(department=office, decided_on=date(2026, 7, 1))
    county.record(decided_on=date(2026, 6, 30))
    county.publish()

    page = queries.published_list(PUBLIC, type="penalty", as_at=TODAY, department=office.pk, month=date(2026, 6, 1))

    assert [row.record_no for row in page.rows] == [mine.record_no]


def test_first_generation_licences_stand_in_the_list_of_licences(county: EffectsWorld):
    record = county.record(type="licence_gen1", decided_on=date(2018, 5, 1), valid_to=date(2027, 4, 30))
    county.publish()

    page = queries.published_list(PUBLIC, type="licence", as_at=TODAY)

    assert [row.record_no for row in page.rows] == [record.record_no]
    assert queries.counts(PUBLIC, as_at=TODAY).by_type == {"licence": 1}


def test_counts_by_month_and_department(county: EffectsWorld):
    county.record(decided_on=date(2026, 10, 9))
    county.record(decided_on=date(2026, 10, 12))
    county.record(decided_on=date(2026, 5, 20))
    county.publish()

    by_month = dict(queries.counts_by_month(PUBLIC, type="penalty", as_at=TODAY, months=3))

    assert by_month == {date(2026, 9, 1): 0, date(2026, 10, 1): 2, date(2026, 11, 1): 0}
    assert queries.counts_by_department(PUBLIC, as_at=TODAY) == (("云屿县教育局", 3),)


def test_another_county_sees_nothing_of_this_one(county: EffectsWorld):
    record = county.record()
    county.publish()
    elsewhere = Scope(region="990002")

    with pytest.raises(NotFound):
        queries.published(elsewhere, record.record_no, as_at=TODAY)
    assert queries.published_list(elsewhere, type="penalty", as_at=TODAY).rows == ()
    assert queries.counts(elsewhere, as_at=TODAY).by_type == {}
    assert queries.latest(elsewhere, as_at=TODAY) == ()


def test_why_walks_from_the_publication_to_provision_decision_batch_file_and_row(county: EffectsWorld):
    record = county.record()
    county.publish()

    labels: list[str] = []

    def walk(node: queries.WhyNode) -> None:
        labels.append(node.label)
        for child in node.children:
            walk(child)

    tree = queries.why(PUBLIC, record.record_no, as_at=TODAY)
    walk(tree)

    assert tree.text == "自2026年11月21日公示至2027年5月19日，到期自动停止公示"
    expected = "依据（允许公示） 依据（确定类别和期限） 条文摘要 失信等级 决定 记录 批次 文件 行"
    assert set(expected.split()) <= set(labels)
