"""Small made-up rulebooks for tests: one list, one measure, one edition, one article, all of which hold."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from xinheng.law.queries import Article
from xinheng.measures.judging import Ground, Published
from xinheng.measures.reading import digest_of
from xinheng.measures.rules import Edition, ListRule, Measure, Trigger
from xinheng.rulebook.reading import Place

DAY = date(2026, 11, 21)
PLACE = Place("demo/measures/example.yaml", 1)
REFERENCE = "example-law#第一条"
OBJECTS = "列入欠薪名单的经营主体"
SUMMARY = f"对{OBJECTS}，在列入期间不得参加本级政府采购活动。"


def article(**changes: object) -> Article:
    """An article in force that names the list and its object."""
    made = Article(
        reference=REFERENCE,
        text_title="示例条例",
        article="第一条",
        level="local_regulation",
        summary=SUMMARY,
        verified=True,
        effective_from=date(2020, 1, 1),
        effective_to=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def rule(**changes: object) -> ListRule:
    """A verified list of national law."""
    made = ListRule(
        key="E1", title="欠薪名单", names=("欠薪名单",), kind="serious", level="national", basis=(REFERENCE,),
        basis_text="", deciding_body="人社部门", criteria="拖欠工资", ends="planned_to", term_months=36, term="三年",
        early_removal="", named_persons="", correction="", record_type="", record_value="", citation="示例",
        verified=True, reviewed_on=DAY, pack="demo", place=PLACE,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def measure(**changes: object) -> Measure:
    """A measure for organisations that its article names word for word."""
    made = Measure(
        key="M-1", edition="example", measure_class="I", title="不得参加政府采购", text="", objects=OBJECTS,
        object_kind="organisation", basis=(REFERENCE,), basis_text="", executing_body="财政部门", executors=(),
        triggers=(Trigger("E1", REFERENCE, "欠薪名单"),), max_months=0, execute=True, fair_competition="",
        citation="示例", verified=True, reviewed_on=DAY, pack="demo", place=PLACE,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def edition(*measures: Measure, **changes: object) -> Edition:
    """A verified edition with its digest."""
    made = Edition(
        key="example", title="示例清单", issuer="示例机关", provision="", effective_from=date(2026, 1, 1),
        effective_to=None, local=False, citation="示例", verified=True, reviewed_on=DAY, measures=measures, digest="",
        pack="demo", place=PLACE,
    )  # fmt: skip
    made = replace(made, **changes)  # type: ignore[arg-type]
    return replace(made, digest=digest_of(made))


def published(one: Edition, **changes: object) -> Published:
    """A publication that stands on the day of the tests."""
    return replace(Published(one.key, one.digest, date(2026, 2, 1), None), **changes)  # type: ignore[arg-type]


def ground(one: Edition, *publications: Published, rules: tuple[ListRule, ...] = (), **articles: Article) -> Ground:
    """What a judgement looks at; without more said, the list and the article that hold."""
    return Ground(
        editions={one.key: one},
        lists={each.key: each for each in rules or (rule(),)},
        provisions={each.reference: each for each in articles.values()} if articles else {REFERENCE: article()},
        publications=publications,
    )


def write(root: Path, name: str, text: str) -> None:
    """One file of a pack for tests."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
