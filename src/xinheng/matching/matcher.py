"""The verdict on two names: one organisation, two, or a question for a person; with every reason and its points.

A pure function of the names, the codes and the pack's words: no database, no clock, whole numbers only, and the
same whichever name is given first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from xinheng.base.identifiers import credit_code
from xinheng.matching.reading import NUMBER, Division, Name, lies_in, read_name
from xinheng.matching.vocabulary import FULL, Vocabulary
from xinheng.matching.wording import Difference, difference, same_sound

ALGORITHM = "1"
"""Raised when the code decides otherwise than before; the pack's own version stands beside it."""


class Verdict(StrEnum):
    """What may be done with two names."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


class Codes(StrEnum):
    """What the numbers of two statements say about them; of whole numbers of the same kind, or of credit codes."""

    UNKNOWN = "unknown"
    SAME = "same"
    PART = "part"
    """The part that names the organisation is the same, the rest is not: registered anew under another kind."""
    OTHER = "other"


@dataclass(frozen=True)
class Reason:
    """One thing compared: its key in the pack, the words for a person, and how many points it cost."""

    key: str
    words: str
    points: int


@dataclass(frozen=True)
class Match:
    """A verdict with its score out of 1000 and all reasons; `version` says who judged."""

    verdict: Verdict
    score: int
    reasons: tuple[Reason, ...]
    version: str


def version_of(words: Vocabulary) -> str:
    """Which code with which points judged: kept with everything it decided."""
    return f"{ALGORITHM}.{words.points.version}"


def match_names(one: str, other: str, words: Vocabulary, *, code: str = "", other_code: str = "") -> Match:
    """Compare two names, with the credit codes where they are known."""
    return match(read_name(one, words), read_name(other, words), words, codes=compare_codes(code, other_code))


def match(one: Name, other: Name, words: Vocabulary, *, codes: Codes = Codes.UNKNOWN) -> Match:
    """Compare two names that were read; a valid code of another body is a veto, the same code settles it."""
    reasons = tuple(_reasons(one, other, words))
    score = max(0, FULL - sum(reason.points for reason in reasons))
    verdict = _verdict(score, words)
    match codes:
        case Codes.OTHER:
            reasons = (Reason("code_other", "两个代码都有效，不是同一个主体", FULL), *reasons)
            verdict, score = Verdict.DIFFERENT, 0
        case Codes.PART:
            reasons = (Reason("code_part", "主体标识码相同，代码其余部分不同", 0), *reasons)
            verdict, score = Verdict.UNSURE, max(min(score, words.points.same - 1), words.points.unsure)
        case Codes.SAME:
            reasons = (Reason("code_same", "代码相同", 0), *reasons)
            # The code speaks for it; a name without any likeness to it speaks against the code.
            verdict = Verdict.UNSURE if verdict is Verdict.DIFFERENT else Verdict.SAME
            score = FULL if verdict is Verdict.SAME else max(score, words.points.unsure)
    return Match(verdict, score, reasons, version_of(words))


def _verdict(score: int, words: Vocabulary) -> Verdict:
    if score >= words.points.same:
        return Verdict.SAME
    return Verdict.UNSURE if score >= words.points.unsure else Verdict.DIFFERENT


def compare_codes(code: str, other: str) -> Codes:
    """How two credit codes stand to each other; a code with a wrong check digit says nothing."""
    left, right = credit_code.inspect(code), credit_code.inspect(other)
    if not (left.genuine and right.genuine):
        return Codes.UNKNOWN
    if left.normalised == right.normalised:
        return Codes.SAME
    return Codes.PART if left.normalised[8:17] == right.normalised[8:17] else Codes.OTHER


def _reasons(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    if one.compared == other.compared:
        same = one.given == other.given
        yield Reason("equal", "名称相同" if same else "名称只有写法不同（全半角、繁简、空格、括号）", 0)
        return
    explained = False
    for part in (_divisions, _ordinals, _core, _form, _branch, _spelling):
        for reason in part(one, other, words):
            explained = True
            yield reason
    if not explained:
        yield _cost(words, "unexplained", "名称不同，但说不出差别在哪里")


def _spelling(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    """Differences in the writing that say little or nothing."""
    if one.asides != other.asides:
        yield _cost(words, "aside", "括号里注明的组织性质不同或只有一方注明")
    if one.form == other.form and one.form_written != other.form_written:
        yield Reason("form_spelling", f"组织形式写法不同：“{one.form_written}”与“{other.form_written}”", 0)
    if one.ordinals == other.ordinals and one.numbers_written != other.numbers_written:
        yield Reason("number_spelling", "序号写法不同", 0)
    if one.letters == other.letters:
        yield _cost(words, "signs", "名称中的括号、间隔号等符号不同")


def _cost(words: Vocabulary, key: str, text: str, points: int | None = None) -> Reason:
    return Reason(key, text, words.points.costs[key] if points is None else points)


def _divisions(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    left, right = one.place, other.place
    if left is None and right is None:
        return
    if left is None or right is None:
        short = min(len(one.core), len(other.core)) < words.points.long_from
        written = (left or right or Division("", frozenset())).written
        yield _cost(words, "division_missing_short" if short else "division_missing", f"只有一方写明区划“{written}”")
        return
    both = left.codes & right.codes
    pair = f"“{_written(one)}”与“{_written(other)}”"
    if both:
        if left.codes != right.codes and len(left.codes | right.codes) > 1:
            yield _cost(words, "division_ambiguous", f"区划{pair}可能不是同一个地方")
        elif len(one.divisions) != len(other.divisions):
            yield _cost(words, "division_upper", f"上级区划一方省略：{pair}")
        elif _written(one) != _written(other):
            yield _cost(words, "division_spelling", f"区划写法不同：{pair}")
    elif _one_within(left, right) or _one_within(right, left):
        yield _cost(words, "division_within", f"区划{pair}一大一小，可能是两户")
    else:
        yield _cost(words, "division_other", f"区划不同：{pair}")


def _written(name: Name) -> str:
    return "".join(division.written for division in name.divisions)


def _one_within(inner: Division, outer: Division) -> bool:
    return any(lies_in(code, upper) for code in inner.codes for upper in outer.codes)


def _ordinals(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    if one.ordinals == other.ordinals:
        return
    if one.ordinals and other.ordinals:
        yield _cost(words, "ordinal_other", f"序号不同：{_listed(one.ordinals)}与{_listed(other.ordinals)}")
    else:
        yield _cost(words, "ordinal_missing", f"只有一方有序号：{_listed(one.ordinals or other.ordinals)}")


def _listed(numbers: tuple[int, ...]) -> str:
    return "、".join(map(str, numbers))


def _core(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    left, right = one.core.replace(NUMBER, ""), other.core.replace(NUMBER, "")
    shortest = min(len(left), len(right))
    if shortest < 2:
        yield _cost(words, "nothing_left", "除区划和组织形式外几乎没有可比的字")
    found = difference(left, right)
    if not found.edits:
        return
    yield from _difference(found, words)
    if shortest < words.points.short_below:
        yield _cost(words, "short", "字号和行业用字少，差一个字就可能是另一户")


def _difference(found: Difference, words: Vocabulary) -> Iterator[Reason]:
    one, other = found.one, found.other
    if found.kind == "transposed":
        yield _cost(words, "transposed", f"字序颠倒：“{one}”与“{other}”")
        return
    if found.kind == "repeated":
        yield _cost(words, "repeated", f"一方重复了“{one or other}”")
        return
    if found.kind == "inserted":
        more = (found.edits - 1) * words.points.costs["inserted_more"]
        text = (
            f"一方多出 {found.edits} 个字：“{one or other}”" if not (one and other) else f"“{one}”与“{other}”多少不同"
        )
        yield _cost(words, "inserted", text, words.points.costs["inserted"] + more)
        added = set(one) ^ set(other)
        if any(character in group for group in words.telling_apart for character in added) or not added.isdisjoint(
            "0123456789"
        ):
            yield _cost(words, "telling_apart", "多出的字常用来区分不同的单位")
        return
    pairs = list(zip(one, other, strict=True)) if len(one) == len(other) == found.edits else []
    if any(_two_houses(left, right, words) for left, right in pairs):
        yield _cost(words, "other_house", f"区别用字不同：“{one}”与“{other}”")
    elif pairs and all(same_sound(left, right) for left, right in pairs):
        yield _cost(words, "same_sound", f"同音字：“{one}”与“{other}”", words.points.costs["same_sound"] * found.edits)
    else:
        text = f"有 {found.edits} 个字不同：“{one}”与“{other}”"
        yield _cost(words, "substituted", text, words.points.costs["substituted"] * found.edits)


def _two_houses(one: str, other: str, words: Vocabulary) -> bool:
    if one == other or not (one and other):
        return False
    alphanumeric = one.isascii() and other.isascii()
    return alphanumeric or any(one in group and other in group for group in words.telling_apart)


def _form(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    if one.form == other.form:
        return
    if not one.form or not other.form:
        yield _cost(words, "form_missing", f"只有一方写明组织形式“{one.form_written or other.form_written}”")
    elif {one.form, other.form} == {"company", "limited"}:
        yield _cost(words, "form_bare", "一方“公司”未写“有限”")
    else:
        yield _cost(words, "form_other", f"组织形式不同：“{one.form_written}”与“{other.form_written}”")


def _branch(one: Name, other: Name, words: Vocabulary) -> Iterator[Reason]:
    left, right = one.branch.replace(NUMBER, ""), other.branch.replace(NUMBER, "")
    if left == right:
        return
    if not left or not right:
        yield _cost(words, "branch_missing", f"只有一方写明分支机构“{one.branch or other.branch}”")
    elif (found := difference(left, right)).edits == 1 and not _two_houses(found.one, found.other, words):
        yield _cost(words, "branch_missing", f"分支机构差一个字：“{one.branch}”与“{other.branch}”")
    else:
        yield _cost(words, "branch_other", f"分支机构不同：“{one.branch}”与“{other.branch}”")
