"""A measure may be carried out when everything holds, and not when one thing is missing; it says which."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.packs import DAY, OBJECTS, REFERENCE, article, edition, ground, measure, published, rule

from xinheng.law.queries import Article
from xinheng.measures.judging import RESTRAINING_LEVELS, Ground, Published, executable
from xinheng.measures.rules import MEASURE_CLASSES, OBJECT_KINDS, Edition, Measure, Trigger


def judged(one: Measure, *, article_is: Article | None = None, listed: bool = True, **edition_is: object) -> str:
    """The reasons as one text; empty when the measure may be carried out."""
    made = edition(one, **edition_is)
    publications = (published(made),) if listed else ()
    return "".join(executable(one, ground(made, *publications, article=article_is or article()), DAY).reasons)


def test_a_measure_that_is_published_and_founded_may_be_carried_out() -> None:
    assert judged(measure()) == ""


def test_a_measure_that_is_not_published_may_not() -> None:
    assert "没有在本站公布" in judged(measure(), listed=False)


def test_a_publication_counts_only_between_its_days() -> None:
    made = edition(measure())
    for starts, ends in ((DAY + timedelta(days=1), None), (date(2026, 2, 1), DAY)):
        found = executable(measure(), ground(made, published(made, starts=starts, ends=ends)), DAY)
        assert not found


def test_a_change_after_publication_must_be_published_again() -> None:
    old = edition(measure())
    new = edition(measure(text="另外增加的内容"))
    found = executable(new.measures[0], ground(new, published(old)), DAY)
    assert found.reasons == ("《示例清单》公布以后内容有变动，须重新公布。",)


def test_a_new_review_of_the_same_words_is_no_change() -> None:
    assert edition(measure()).digest == edition(measure(reviewed_on=date(2026, 12, 1))).digest


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"verified": False}, "尚未核实"),
        ({"effective_to": DAY - timedelta(days=1)}, "没有生效"),
        ({"effective_from": DAY + timedelta(days=1)}, "没有生效"),
        ({"effective_from": None}, "没有生效"),
        ({"level": "local_normative"}, "层级不够"),
        ({"level": "normative"}, "层级不够"),
        ({"summary": "列入欠薪名单的单位"}, "不得超出条款所写的对象"),
    ],
)
def test_a_basis_that_does_not_carry_it_is_named(changes: dict[str, object], word: str) -> None:
    assert word in judged(measure(), article_is=article(**changes))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"basis": (), "triggers": ()}, "没有写明依据"),
        ({"basis": ("example-law#第九条",)}, "没有登记"),
        ({"verified": False}, "尚未与清单原文核对"),
        ({"object_kind": "person"}, "对象是自然人"),
        ({"measure_class": "III"}, "自主决定"),
        ({"execute": False}, "只供查阅"),
        ({"triggers": ()}, "没有写明由哪份名单"),
        ({"triggers": (Trigger("E1", REFERENCE, "失信名单"),)}, "不是《示例条例》第一条的原话"),
        ({"triggers": (Trigger("E9", REFERENCE, "欠薪名单"),)}, "没有登记“E9”"),
        ({"triggers": (Trigger("E1", "other#第一条", "欠薪名单"),)}, "不是本措施的依据"),
        ({"triggers": (Trigger("E1", REFERENCE, "政府采购"),)}, "条款没有写到“欠薪名单”"),
        ({"measure_class": "incentive"}, "公平竞争审查"),
        ({"measure_class": "incentive", "fair_competition": "已审查"}, "激励不由失信名单触发"),
    ],
)
def test_a_measure_that_lacks_something_says_what(changes: dict[str, object], word: str) -> None:
    assert word in judged(measure(**changes))


def test_an_edition_that_is_not_verified_or_in_force_carries_nothing() -> None:
    assert "原文尚未取得" in judged(measure(), verified=False)
    assert "没有施行" in judged(measure(), effective_to=DAY - timedelta(days=1))


def test_an_object_with_a_person_in_it_is_refused_although_the_law_names_it() -> None:
    words = "列入欠薪名单的单位及其法定代表人"
    assert "对象中有自然人" in judged(measure(objects=words), article_is=article(summary=f"对{words}限制采购。"))


def test_an_internal_tag_triggers_nothing() -> None:
    made = edition(measure())
    tag = rule(kind="attention", basis=())
    assert "内部标签" in "".join(executable(measure(), ground(made, published(made), rules=(tag,)), DAY).reasons)


def test_a_list_that_is_not_verified_triggers_nothing() -> None:
    made = edition(measure())
    found = executable(measure(), ground(made, published(made), rules=(rule(verified=False),)), DAY)
    assert found.reasons == ("“欠薪名单”的规则尚未核实。",)


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
some_days = st.none() | days
references = st.sampled_from([REFERENCE, "example-law#第二条", "other#第一条"])
texts = st.sampled_from([f"对{OBJECTS}限制采购。", "列入欠薪名单的单位", "有关规定", "欠薪名单的法定代表人"])


@st.composite
def articles(draw: st.DrawFn) -> dict[str, Article]:
    chosen = draw(st.lists(references, unique=True, max_size=3))
    return {
        one: article(
            reference=one,
            level=draw(st.sampled_from(["law", "local_regulation", "normative", "local_normative"])),
            summary=draw(texts),
            verified=draw(st.integers(0, 3)) > 0,
            effective_from=draw(some_days),
            effective_to=draw(some_days),
        )
        for one in chosen
    }


@st.composite
def made_measures(draw: st.DrawFn) -> Measure:
    quotes = st.sampled_from(["欠薪名单", "失信名单", "单位", OBJECTS])
    triggers = st.builds(Trigger, st.sampled_from(["E1", "E2", ""]), references, quotes)
    return measure(
        measure_class=draw(st.sampled_from(MEASURE_CLASSES)),
        object_kind=draw(st.sampled_from(OBJECT_KINDS)),
        objects=draw(st.sampled_from([OBJECTS, "列入欠薪名单的单位", "法定代表人", "欠薪名单的法定代表人"])),
        basis=tuple(draw(st.lists(references, max_size=2))),
        triggers=tuple(draw(st.lists(triggers, max_size=2))),
        execute=draw(st.booleans()),
        verified=draw(st.booleans()),
        fair_competition=draw(st.sampled_from(["", "已审查"])),
    )


@st.composite
def packs(draw: st.DrawFn) -> tuple[Edition, Ground]:
    """A whole random rulebook, with its register and publications."""
    drawn = draw(st.lists(made_measures() | st.just(measure()), min_size=1, max_size=3))
    made = edition(
        *(replace(one, key=f"M-{number}") for number, one in enumerate(drawn)),
        verified=draw(st.booleans()),
        effective_from=draw(some_days),
        effective_to=draw(some_days),
    )
    digests = st.sampled_from([made.digest, "0" * 64])
    publication = st.builds(Published, st.sampled_from(["example", "another"]), digests, days, some_days)
    rules = draw(st.lists(st.sampled_from([rule(), rule(verified=False), rule(key="E2", kind="honour")]), max_size=2))
    return made, Ground(
        editions={made.key: made},
        lists={one.key: one for one in rules},
        provisions=draw(articles() | st.just({REFERENCE: article()})),
        publications=tuple(draw(st.lists(publication, max_size=2))),
    )


def covers(begins: date | None, ends: date | None, day: date) -> bool:
    return begins is not None and begins <= day and (ends is None or day <= ends)


@settings(max_examples=300, derandomize=True)
@given(packs(), days)
def test_no_random_pack_has_an_executable_measure_without_published_basis_in_force(
    pack: tuple[Edition, Ground], day: date
) -> None:
    hold_against_the_law(*pack, day)


@pytest.mark.slow
@settings(max_examples=5000, derandomize=True)
@given(packs(), days)
def test_none_of_thousands_of_random_packs_has_an_executable_measure_without_published_basis_in_force(
    pack: tuple[Edition, Ground], day: date
) -> None:
    hold_against_the_law(*pack, day)


def hold_against_the_law(made: Edition, given_ground: Ground, day: date) -> None:
    """Each measure that may be carried out that day has all that the law asks for."""
    for one in made.measures:
        if not executable(one, given_ground, day):
            continue
        assert covers(made.effective_from, made.effective_to, day)
        assert any(
            (each.edition, each.digest) == (made.key, made.digest)
            and each.starts <= day
            and (each.ends is None or day < each.ends)
            for each in given_ground.publications
        )
        cited = [given_ground.provisions[reference] for reference in one.basis]
        assert cited
        assert all(each.verified and covers(each.effective_from, each.effective_to, day) for each in cited)
        assert one.incentive or {each.level for each in cited} & RESTRAINING_LEVELS
        assert one.object_kind == "organisation"
        assert any(one.objects in each.summary for each in cited)
        assert "法定代表人" not in one.objects
        for trigger in one.triggers:
            assert trigger.quote in given_ground.provisions[trigger.provision].summary
            assert not trigger.list_key or given_ground.lists[trigger.list_key].verified


spoils = st.sampled_from(
    [
        lambda g: replace(g, publications=()),
        lambda g: replace(g, publications=tuple(replace(one, digest="0" * 64) for one in g.publications)),
        lambda g: replace(g, publications=tuple(replace(one, ends=DAY) for one in g.publications)),
        lambda g: replace(g, provisions={}),
        lambda g: replace(g, provisions={REFERENCE: article(verified=False)}),
        lambda g: replace(g, provisions={REFERENCE: article(effective_to=DAY - timedelta(days=1))}),
        lambda g: replace(g, lists={}),
    ]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(spoils, min_size=1, max_size=3))
def test_whatever_is_taken_from_a_measure_that_holds_stops_it(taken: list) -> None:  # type: ignore[type-arg]
    made = edition(measure())
    holds = ground(made, published(made))
    assert executable(measure(), holds, DAY)
    for spoil in taken:
        holds = spoil(holds)
    assert not executable(measure(), holds, DAY)
