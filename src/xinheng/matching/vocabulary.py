"""What a pack says about names of organisations: divisions, forms, numbers, characters, and what a difference costs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from xinheng.base.errors import XinhengError
from xinheng.rulebook.loader import Pack, load_pack
from xinheng.rulebook.reading import Section
from xinheng.rulebook.rules import read_citation

FOLDER = "matching"
FULL = 1000
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
"""Chinese digits; 十 and 百 are read by `reading.number`."""

NUMERAL = (
    "[0-9]+|[零〇一二三四五六七八九]{2,}(?![十百])"
    "|[一二三四五六七八九两]?百(?:零[一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)?"
    "|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两]"
)
"""A number as names write it: 12, 二〇一, 一百零三, 五十三; the 零 of 零售部 is none of it."""

POINTS = (
    "division_spelling", "division_upper", "division_missing", "division_missing_short", "division_ambiguous",
    "division_within", "division_other", "form_missing", "form_bare", "form_other", "aside", "signs", "transposed",
    "repeated", "inserted", "inserted_more", "substituted", "same_sound", "short", "telling_apart", "other_house",
    "nothing_left", "unexplained", "ordinal_missing", "ordinal_other", "branch_missing", "branch_other",
)  # fmt: skip
"""Every difference that costs points; a pack states each of them."""

FEATURES = {
    "equal": "名称相同，或者只有写法不同",
    "former": "与曾用名相比",
    "code_same": "代码相同",
    "code_part": "主体标识码相同，代码其余部分不同",
    "code_other": "代码不同：一票否决",
    "form_spelling": "组织形式写法不同",
    "number_spelling": "序号写法不同",
    "division_spelling": "区划写法不同",
    "division_upper": "上级区划一方省略",
    "division_missing": "只有一方写明区划，其余用字较多",
    "division_missing_short": "只有一方写明区划，其余用字少",
    "division_ambiguous": "区划可能不是同一个地方",
    "division_within": "区划一大一小",
    "division_other": "区划不同",
    "form_missing": "只有一方写明组织形式",
    "form_bare": "公司与有限公司",
    "form_other": "组织形式不同",
    "aside": "括号里注明的组织性质",
    "signs": "名称中的符号",
    "transposed": "字序颠倒",
    "repeated": "重复用字",
    "inserted": "多出或者少写的字",
    "substituted": "换了字",
    "same_sound": "换了同音字",
    "short": "字号和行业用字少",
    "telling_apart": "多出的字常用来区分单位",
    "other_house": "区别用字不同",
    "nothing_left": "几乎没有可比的字",
    "unexplained": "说不出差别在哪里",
    "ordinal_missing": "只有一方有序号",
    "ordinal_other": "序号不同",
    "branch_missing": "只有一方是分支机构",
    "branch_other": "分支机构不同",
}
"""Every reason a comparison can give, in words; what has no points in the pack costs none, except the veto."""

NEVER_SAME = (
    "division_ambiguous", "division_missing_short", "division_within", "division_other", "form_other", "substituted",
    "same_sound", "other_house", "nothing_left", "unexplained", "ordinal_missing", "ordinal_other", "branch_missing",
    "branch_other",
)  # fmt: skip
"""One of these alone must keep two names from being taken for one organisation."""
TWO_HOUSES = ("division_other", "other_house", "ordinal_other", "branch_other")
"""One of these alone means two organisations."""


@dataclass(frozen=True)
class Points:
    """What each difference costs, and where the verdicts begin."""

    version: str
    same: int
    unsure: int
    short_below: int
    long_from: int
    clear: int
    lead: int
    costs: Mapping[str, int]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a pack, ready for reading names; `divisions` gives the codes of a written division."""

    divisions: Mapping[str, frozenset[str]]
    county_stems: frozenset[str]
    """Short names of divisions whose ending may have changed."""
    county_endings: tuple[str, ...]
    longest_division: int
    beginnings: frozenset[str]
    """The first two characters of all written divisions."""
    simplified: Mapping[int, str]
    form: re.Pattern[str]
    forms: Mapping[str, str]
    asides: frozenset[str]
    ordinal: re.Pattern[str]
    branch_words: tuple[str, ...]
    telling_apart: tuple[str, ...]
    points: Points


@cache
def vocabulary(pack: str) -> Vocabulary:
    """The words of the pack, the innermost layer that states a file counting as a whole."""
    layers = load_pack(pack)
    words = layers.file(f"{FOLDER}/words.yaml").section
    read_citation(words)
    written, stems = _divisions(layers, words)
    inner = words.section("forms")
    forms = {spelling: key for key in inner.text_keys() for spelling in inner.texts(key)}
    units = _either(words.texts("ordinal_units"))
    result = Vocabulary(
        divisions=written,
        county_stems=stems,
        county_endings=words.texts("county_endings"),
        longest_division=max(map(len, written)),
        beginnings=frozenset(name[:2] for name in written),
        simplified=_characters(layers),
        form=re.compile(f"(?<![{''.join(words.texts('not_after'))}])(?:{_either(forms)})"),
        forms=forms,
        asides=frozenset(words.texts("asides")),
        ordinal=re.compile(f"(?P<mark>第)?(?P<number>{NUMERAL})(?(mark)|(?=号?(?:{units})))"),
        branch_words=words.texts("branch_words"),
        telling_apart=words.texts("telling_apart"),
        points=_points(layers),
    )
    words.done()
    return result


def matching_mistakes(pack: str) -> list[str]:
    """What does not hold in the words and points of a pack, in sentences."""
    try:
        points = vocabulary(pack).points
    except XinhengError as error:
        return [f"{error.message}{error.advice}"]
    allowed, apart = FULL - points.same, FULL - points.unsure
    mistakes = [
        f"名称比对：“{key}”只扣 {points.costs[key]} 分，单有这一项差别就会判为同一主体（须多于 {allowed} 分）。"
        for key in NEVER_SAME
        if points.costs[key] <= allowed
    ]
    mistakes += [
        f"名称比对：“{key}”只扣 {points.costs[key]} 分，单有这一项差别应判为不同主体（须多于 {apart} 分）。"
        for key in TWO_HOUSES
        if points.costs[key] <= apart
    ]
    if points.costs["inserted"] + points.costs["telling_apart"] <= allowed:
        mistakes.append("名称比对：多一个区别用字（东、新、分……）须不判为同一主体。")
    if not 0 < points.unsure < points.same < points.clear < FULL or points.lead <= 0:
        mistakes.append(f"名称比对：各道线应为 0 < unsure < same < clear < {FULL}，lead 应大于 0。")
    return mistakes


def _points(pack: Pack) -> Points:
    section = pack.file(f"{FOLDER}/points.yaml").section
    read_citation(section)
    inner = section.section("points")
    costs = {key: inner.whole(key) for key in POINTS}
    inner.done()
    result = Points(
        version=section.text("version"),
        same=section.whole("same"),
        unsure=section.whole("unsure"),
        short_below=section.whole("short_below"),
        long_from=section.whole("long_from"),
        clear=section.whole("clear"),
        lead=section.whole("lead"),
        costs=costs,
    )
    section.done()
    return result


def _characters(pack: Pack) -> dict[int, str]:
    section = pack.file(f"{FOLDER}/characters.yaml").section
    read_citation(section)
    pairs = [pair for line in section.texts("simplified") for pair in line.split()]
    for pair in pairs:
        if len(pair) != 2:
            raise section.refuse("simplified", f"“{pair}”应为一个繁体字和一个简体字。")
    section.done()
    return {ord(pair[0]): pair[1] for pair in pairs}


def _divisions(pack: Pack, words: Section) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    section = pack.file(f"{FOLDER}/regions.yaml").section
    read_citation(section)
    rows = [*section.pairs("present"), *_past(section)]
    section.done()
    for layer in pack.layers:
        rows += [(one.code, one.name) for one in (layer.region, *layer.upper_regions) if one]
    peoples = f"(?:{_either(words.texts('peoples'))})*"
    ending = re.compile(f"{peoples}(?:{_either(words.texts('division_endings'))})$")
    county = words.texts("county_endings")
    found: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    districts: dict[str, set[str]] = {}
    stems: set[str] = set()
    for code, name in rows:
        found.setdefault(name, set()).add(code)
        stem = ending.sub("", name)
        if len(stem) > 1:
            # A city's district is called by its short name only where nothing else has that name (东营 is 东营市).
            (districts if name == f"{stem}区" else short).setdefault(stem, set()).add(code)
            if name == stem + name[-1] and name[-1] in county:
                stems.add(stem)
    for stem, codes in (districts | short).items():
        found.setdefault(stem, set()).update(codes)
    return {name: frozenset(codes) for name, codes in found.items()}, frozenset(stems)


def _past(section: Section) -> Iterable[tuple[str, str]]:
    for line in section.texts("past"):
        code, _, name = line.partition(" ")
        yield code, name


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
