"""`xinheng match`: two names, a file of pairs, or who in the register a name is."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from django.conf import settings
from typer import Argument, Option

from xinheng.base.errors import Refused, WrongUsage
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER
from xinheng.matching.finding import Typed, numbers_in
from xinheng.matching.matcher import Match, Reason, Verdict, match_names, version_of
from xinheng.matching.queries import Answer, PersonRefused, who_is
from xinheng.matching.vocabulary import FULL, Vocabulary, vocabulary
from xinheng.register.understanding import names_a_person

FIRST, SECOND = ("名称A", "名称1", "简称", "name_a"), ("名称B", "名称2", "全称", "name_b")
FIRST_CODE, SECOND_CODE = ("代码A", "code_a"), ("代码B", "code_b")
NAME, CODE = ("名称", "单位名称", "企业名称", "行政相对人名称", "name"), ("代码", "统一社会信用代码", "code")
LABELS = {"same": "同一主体", "unsure": "须由人核对", "different": "不同主体"}
AT_ONCE = 500
Row = dict[str, str]


def match(
    names: Annotated[
        list[str] | None, Argument(metavar="[NAME NAME | FILE.csv]", help="两个名称，或者一个 CSV 文件")
    ] = None,
    name: Annotated[str, Option("--name", help="在登记中查找这个名称")] = "",
    code: Annotated[str, Option("--code", help="与名称写在一起的代码")] = "",
    file: Annotated[
        Path | None, Option("--file", help="CSV：每行两个名称（名称A、名称B），或者每行一个名称（名称、代码）")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say whether two names are one organisation, or who in the register a name is, with the reasons."""
    given = names or []
    if len(given) == 1 and given[0].lower().endswith(".csv"):
        file, given = Path(given[0]), []
    if name:
        _look_up([{"名称": name, "代码": code}], as_json, one=True)
    elif file is not None:
        _whole_file(file, as_json)
    elif len(given) == 2:
        _show_pair(given[0], given[1], as_json)
    else:
        raise WrongUsage("请写两个名称，或者 --name，或者一个 CSV 文件。", "例如 xinheng match 名称一 名称二。")
    return 0


def _show_pair(one: str, other: str, as_json: bool) -> None:
    if names_a_person(one) or names_a_person(other):
        raise PersonRefused
    found = match_names(one, other, vocabulary(settings.PACK))
    if as_json:
        print_json(_facts(found))
        return
    say(f"{LABELS[found.verdict]}，{found.score} 分")
    print_table(("比对", "扣分"), [(reason.words, reason.points) for reason in found.reasons])


def _whole_file(path: Path, as_json: bool) -> None:
    if not path.is_file():
        raise Refused(f"{path} 不是文件。", "应为 UTF-8 编码的 CSV 文件。")
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        headings = [heading for heading in reader.fieldnames or () if heading]
        first, second = _column(headings, FIRST), _column(headings, SECOND)
        if first and second:
            _pairs(reader, (first, second), headings, as_json)
            return
        column = _column(headings, NAME)
        if not column:
            raise WrongUsage(
                "文件里没有名称列。",
                "应有“名称A”“名称B”两列（比对每一对），或者“名称”一列（在登记中查找），可另有代码列。",
            )
        rows = [{"名称": row[column] or "", "代码": row.get(_column(headings, CODE)) or ""} for row in reader]
    _look_up(rows, as_json, one=False)


def _pairs(rows: Iterator[Row], columns: tuple[str, str], headings: Sequence[str], as_json: bool) -> None:
    words = vocabulary(settings.PACK)
    codes = _column(headings, FIRST_CODE), _column(headings, SECOND_CODE)
    found = [_pair(row, columns, codes, words) for row in rows]
    if as_json:
        print_json([_facts(one) for one in found])
        return
    print_table(
        ("同一主体", "须由人核对", "不同主体"), [[sum(one.verdict == each for one in found) for each in LABELS]]
    )


def _pair(row: Row, columns: tuple[str, str], codes: tuple[str, str], words: Vocabulary) -> Match:
    one, other = (row[column] or "" for column in columns)
    if names_a_person(one) or names_a_person(other):
        # One such row does not keep the others from being compared; nothing of it is repeated.
        return Match(Verdict.DIFFERENT, 0, (Reason("person", "像是公民身份号码，没有比对", FULL),), version_of(words))
    return match_names(one, other, words, code=row.get(codes[0]) or "", other_code=row.get(codes[1]) or "")


def _facts(found: Match) -> dict[str, object]:
    return {"verdict": found.verdict, "score": found.score, "reasons": found.reasons, "matcher": found.version}


def _look_up(rows: Sequence[Row], as_json: bool, *, one: bool) -> None:
    persons = [place for place, row in enumerate(rows) if any(map(names_a_person, row.values()))]
    if one and persons:
        raise PersonRefused
    typed = [Typed(row["名称"], numbers_in(row["代码"])) for row in rows]
    for place in persons:
        # One such row does not keep the others from being looked up; nothing of it is repeated.
        rows[place]["名称"], typed[place] = "（没有查询）", Typed("")
    answers: list[Answer] = []
    for start in range(0, len(typed), AT_ONCE):
        answers += who_is(SERVER, typed[start : start + AT_ONCE], pack=settings.PACK)
    for place in persons:
        answers[place] = Answer(Verdict.DIFFERENT, "像是公民身份号码，没有查询", ())
    if as_json:
        facts = [_answer(each) for each in answers]
        print_json(facts[0] if one else facts)
        return
    for row, answer in zip(rows, answers, strict=True):
        say(f"{row['名称']}：{LABELS[answer.verdict]}。{answer.why}")
        for candidate in answer.candidates:
            said = "；".join(f"{reason.words} −{reason.points}" for reason in candidate.reasons)
            code = candidate.organisation.credit_code or "没有代码"
            say(f"  {candidate.score} 分  {code}  {candidate.known_name}  {said}")


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "verdict": answer.verdict,
        "why": answer.why,
        "candidates": [
            {
                "ref": one.organisation.ref,
                "name": one.organisation.name,
                "credit_code": one.organisation.credit_code,
                "known_name": one.known_name,
                "former": one.former,
                "verdict": one.verdict,
                "score": one.score,
                "reasons": one.reasons,
            }
            for one in answer.candidates
        ],
    }


def _column(headings: Sequence[str], known: Sequence[str]) -> str:
    return next((heading for heading in headings if heading.strip() in known), "")
