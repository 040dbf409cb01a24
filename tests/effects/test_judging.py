"""The rules of publicity: examples a lawyer can check, and the SQL compared with plain Python."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.effects.effects_world import NOW, SYSTEM, TODAY

from xinheng.base.scope import PUBLIC
from xinheng.effects.classification import Decision, Judgement, add_months, judge
from xinheng.effects.publicity import judging_query
from xinheng.effects.rules import PublicityRules, Transition, grounded, load_rules
from xinheng.law.actions import sync_register
from xinheng.law.queries import reliable_provisions

pytestmark = pytest.mark.django_db


@pytest.fixture
def law():
    sync_register(pack="demo", by=SYSTEM, now=NOW)
    return reliable_provisions(PUBLIC)


def by_sql(decisions: list[Decision], rules: PublicityRules, today: date) -> list[Judgement]:
    facts = """
        SELECT number, rule, decided_on, valid_to, kinds, procedure, stated, amount_fen, fields, officer, returned
        FROM jsonb_to_recordset(%s) AS f (number int, rule text, decided_on date, valid_to date, kinds text[],
            procedure text, stated text, amount_fen bigint, fields text[], officer text, returned boolean)
    """
    rows = [
        asdict(one) | {"kinds": list(one.kinds) or [""], "number": number, "returned": False}
        for number, one in enumerate(decisions)
    ]
    query = f"""SELECT outcome, review, regime, class_key, set_by, transition, ends
        FROM ({judging_query(facts, rules, today)}) j ORDER BY number"""
    with connection.cursor() as cursor:
        cursor.execute(query, [json.dumps(rows, default=str)])
        return [Judgement(*(value or "" for value in row[:5]), *row[5:]) for row in cursor.fetchall()]


def in_words(judgement: Judgement) -> tuple[object, ...]:
    """What must agree: everything for a publication, else the way out."""
    if judgement.outcome == "publish":
        return tuple(asdict(judgement).values())
    return judgement.outcome, judgement.review if judgement.outcome == "review" else ""


FINE_20000 = {"kinds": ("罚款",), "amount_fen": 2_000_000, "procedure": "普通程序"}


@pytest.mark.parametrize(
    ("situation", "facts", "expected"),
    [
        ("警告", {"kinds": ("警告",)}, ("not_published", "minor")),
        ("警告并处罚款二万元", {**FINE_20000, "kinds": ("警告", "罚款")}, ("publish", "general")),
        ("简易程序罚款", {**FINE_20000, "procedure": "简易程序"}, ("not_published", "minor")),
        ("罚款九千九百九十九元", {**FINE_20000, "amount_fen": 999_900}, ("not_published", "minor")),
        ("罚款一万元", {**FINE_20000, "amount_fen": 1_000_000}, ("publish", "general")),
        ("罚款五十万元", {**FINE_20000, "amount_fen": 50_000_000}, ("publish", "serious")),
        ("没收违法所得", {"kinds": ("没收违法所得",)}, ("publish", "general")),
        ("吊销许可证件", {"kinds": ("吊销许可证件",)}, ("publish", "serious")),
        ("吊销并处其他处罚", {"kinds": ("吊销许可证件", "其他-限期改正")}, ("publish", "serious")),
        ("罚款未写金额", {**FINE_20000, "amount_fen": None}, ("review", "")),
        ("罚款未写金额，载明一般", {**FINE_20000, "amount_fen": None, "stated": "一般"}, ("publish", "general")),
        ("旧标准的暂扣或者吊销", {"kinds": ("暂扣或者吊销许可证",)}, ("review", "")),
        ("其他处罚，载明严重", {"kinds": ("其他-限期改正",), "stated": "严重"}, ("publish", "serious")),
        ("吊销却载明轻微", {"kinds": ("吊销许可证件",), "stated": "轻微"}, ("review", "")),
        ("审核人员定为轻微", {"kinds": ("其他-限期改正",), "officer": "轻微"}, ("not_published", "minor")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_classes_under_order_36(law, situation, facts, expected):
    rules = grounded(load_rules("demo"), law, TODAY)
    decision = Decision("penalty", date(2026, 5, 20), **facts)

    judgement = judge(decision, rules, TODAY)

    assert (judgement.outcome, judgement.class_key) == expected
    assert in_words(by_sql([decision], rules, TODAY)[0]) == in_words(judgement)


@pytest.mark.parametrize(
    ("decided_on", "outcome", "regime", "ends"),
    [
        (date(2019, 6, 30), "no_text", "", None),
        (date(2019, 7, 1), "expired", "penalty-ndrc-527", None),
        (date(2023, 4, 30), "expired", "penalty-ndrc-527", None),
        (date(2023, 5, 1), "expired", "penalty-order-58", None),
        (date(2025, 11, 20), "expired", "penalty-order-36", None),
        (date(2025, 11, 21), "expired", "penalty-order-36", None),
        (date(2025, 11, 22), "publish", "penalty-order-36", date(2026, 11, 22)),
        (date(2026, 3, 31), "publish", "penalty-order-36", date(2027, 3, 31)),
        (date(2026, 4, 1), "publish", "penalty-order-36", date(2027, 4, 1)),
        (date(2026, 11, 22), "no_date", "", None),
    ],
)
def test_the_day_of_decision_chooses_the_text_of_a_fine(law, decided_on, outcome, regime, ends):
    rules = grounded(load_rules("demo"), law, TODAY)

    judgement = judge(Decision("penalty", decided_on, **FINE_20000), rules, TODAY)

    assert (judgement.outcome, judgement.regime, judgement.ends) == (outcome, regime, ends)


def test_before_the_change_of_rule_the_old_one_counts_alone(law):
    day = date(2026, 3, 31)
    rules = grounded(load_rules("demo"), law, day)

    judgement = judge(Decision("penalty", date(2026, 1, 10), **FINE_20000), rules, day)

    assert (judgement.regime, judgement.ends, judgement.transition) == ("penalty-order-58", date(2029, 1, 10), False)


@pytest.mark.parametrize(
    ("policy", "outcome", "ends"),
    [
        ("old_rule", "publish", date(2029, 1, 10)),
        ("manual", "review", None),
        ("new_rule_if_shorter", "publish", date(2027, 1, 10)),
    ],
)
def test_the_pack_chooses_how_older_decisions_are_treated(law, policy, outcome, ends):
    transition = Transition(date(2026, 4, 1), policy, ("demo-measures#第十五条",), verified=True)
    stated = replace(load_rules("demo"), transitions=(("penalty", (transition,)),))
    rules = grounded(stated, law, TODAY)
    decision = Decision("penalty", date(2026, 1, 10), **FINE_20000)

    judgement = judge(decision, rules, TODAY)

    assert (judgement.outcome, judgement.ends) == (outcome, ends)
    assert in_words(by_sql([decision], rules, TODAY)[0]) == in_words(judgement)


def test_the_national_pack_alone_publishes_no_class_whose_basis_waits_for_the_text(law):
    rules = grounded(load_rules("national"), law, TODAY)

    def outcome(*kinds: str) -> str:
        return judge(Decision("penalty", date(2026, 5, 20), kinds=kinds), rules, TODAY).outcome

    assert outcome("警告") == "not_published"
    assert outcome("吊销许可证件") == "unverified"
    assert outcome("责令关闭") == "unverified"


def test_months_are_counted_to_the_same_day_or_the_last_of_the_month():
    assert add_months(date(2026, 5, 20), 12) == date(2027, 5, 20)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


KINDS = (
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "责令关闭",
    "其他-甲",
)
DAYS = st.dates(date(2018, 1, 1), date(2027, 3, 1))
DECISIONS = st.builds(
    Decision,
    rule=st.sampled_from(["penalty"] * 6 + ["licence", "award", "serious_list", "abnormal_entry", "unknown"]),
    decided_on=st.one_of(st.none(), DAYS, st.dates(date(2025, 10, 1), date(2026, 11, 30))),
    valid_to=st.one_of(st.none(), DAYS, st.just(date(2099, 12, 31))),
    kinds=st.lists(st.sampled_from(KINDS), max_size=3, unique=True).map(tuple),
    procedure=st.sampled_from(["", "简易程序", "普通程序"]),
    stated=st.sampled_from(["", "", "轻微", "一般", "严重"]),
    amount_fen=st.one_of(st.none(), st.sampled_from([0, 999_999, 1_000_000, 49_999_999, 50_000_000])),
    fields=st.sampled_from([(), ("市场监管",), ("教育", "市场监管"), ("教育",)]),
    officer=st.sampled_from(["", "", "", "轻微", "一般", "严重"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    decisions=st.lists(DECISIONS, min_size=40, max_size=120),
    today=st.sampled_from([date(2026, 3, 31), date(2026, 4, 1), TODAY, TODAY + timedelta(days=400)]),
    pack=st.sampled_from(["demo", "demo", "national"]),
    policy=st.sampled_from(["", "old_rule", "manual"]),
)
def test_the_set_based_query_judges_like_plain_python(law, decisions, today, pack, policy):
    stated = load_rules(pack)
    if policy:
        stated = replace(stated, transitions=(("penalty", (Transition(date(2026, 4, 1), policy, (), True),)),))
    rules = grounded(stated, law, today)

    found = by_sql(decisions, rules, today)

    for decision, judgement in zip(decisions, found, strict=True):
        assert in_words(judgement) == in_words(judge(decision, rules, today)), decision
