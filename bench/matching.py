"""`python -m bench.matching`: how the comparison of names does on real pairs, as `docs/reference/matching.md`.

The pairs are files that are never in the repository: two names and whether their codes say that they are one
organisation. Only counts leave them.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from xinheng.matching.matcher import Verdict, match, match_names
from xinheng.matching.reading import Name, read_name
from xinheng.matching.vocabulary import Vocabulary, vocabulary

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "matching.md"
PACK = "national"
KINDS = {
    "region_suffix": "区划写法不同（某市／某）",
    "substring": "一方少写一段",
    "one_char_inserted_or_deleted": "多一个字或少一个字",
    "chars_transposed": "两个字颠倒",
    "one_char_substituted": "换了一个字",
    "other_or_renamed": "其他差别，或已更名",
    "former_name": "用了曾用名",
    "former_name_vs_current": "曾用名与现用名",
}
"""What the kinds of the file mean, in the order of the page."""
TYPED = tuple(KINDS)[:5]
CUTS = (98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 85, 80)
REGISTRY = ("orgs_registry_random.csv", "orgs_registry_full.csv")
LARGEST_GROUP = 300


@dataclass
class Tally:
    """Verdicts on pairs of one kind."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        return sum(self.verdicts.values())

    def share(self, verdict: Verdict) -> str:
        """Per mille without floating errors, as a percentage with one digit."""
        tenths = 1000 * self.verdicts[verdict] // max(self.pairs, 1)
        return f"{tenths // 10}.{tenths % 10} %"


@dataclass
class Figures:
    """Everything the page says."""

    same: dict[str, Tally]
    different: dict[str, Tally]
    listed: Tally
    former_by_history: int
    fuzz_different: dict[int, int]
    fuzz_same: dict[int, Counter[str]]
    near: Tally = field(default_factory=Tally)
    near_names: int = 0
    version: str = ""


def measure(data: Path, *, registry: bool = True) -> Figures:
    """All figures from the folder of real files; `registry` also compares near names of registered organisations."""
    words = vocabulary(PACK)
    same = list(_rows(data / "name_pairs_same.csv"))
    different = list(_rows(data / "name_pairs_different.csv"))
    tallies: dict[str, Tally] = {kind: Tally() for kind in KINDS}
    for row in same:
        found = match_names(row["名称A"], row["名称B"], words)
        tallies[_kind(row)].verdicts[found.verdict] += 1
    apart: dict[str, Tally] = {}
    for row in different:
        kind = row["类型"].partition(":")[2]
        apart.setdefault(kind, Tally()).verdicts[match_names(row["名称A"], row["名称B"], words).verdict] += 1
    listed = Tally()
    for row in _rows(data / "name_pairs_listed_short_full.csv"):
        listed.verdicts[match_names(row["简称"], row["全称"], words).verdict] += 1
    figures = Figures(
        same=tallies,
        different=apart,
        listed=listed,
        former_by_history=sum(1 for row in same if _kind(row).startswith("former_name")),
        fuzz_different={cut: sum(_ratio(row) >= cut for row in different) for cut in CUTS},
        fuzz_same={cut: Counter(_kind(row) for row in same if _ratio(row) >= cut) for cut in CUTS},
        version=match_names("甲", "甲", words).version,
    )
    if registry:
        figures.near, figures.near_names = near_names(data, words)
    return figures


def near_names(data: Path, words: Vocabulary) -> tuple[Tally, int]:
    """Verdicts on pairs of different registered organisations whose brand and trade differ by one edit at most."""
    names: dict[str, str] = {}
    for file in REGISTRY:
        for row in _rows(data / file):
            code = row["统一社会信用代码"].upper()
            if len(code) == 18:
                names.setdefault(row["企业名称"], code[8:17])
    read = {name: read_name(name, words) for name in names}
    tally = Tally()
    for one, other in _near(read):
        if names[one] != names[other]:
            tally.verdicts[match(read[one], read[other], words).verdict] += 1
    return tally, len(names)


def _near(read: dict[str, Name]) -> Iterator[tuple[str, str]]:
    groups: dict[str, set[str]] = {}
    for name, parts in read.items():
        core = parts.core
        edits = {core, *(core[:at] + core[at + 1 :] for at in range(len(core)))}
        edits |= {core[:at] + core[at + 1 : at + 2] + core[at : at + 1] + core[at + 2 :] for at in range(len(core))}
        for key in edits:
            groups.setdefault(key, set()).add(name)
    seen: set[tuple[str, str]] = set()
    for group in groups.values():
        if len(group) > LARGEST_GROUP:
            continue
        ordered = sorted(group)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _kind(row: dict[str, str]) -> str:
    return row["类型"].partition(":")[2] or row["类型"]


def _ratio(row: dict[str, str]) -> float:
    return fuzz.ratio(row["名称A"], row["名称B"])


def page(figures: Figures) -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_different(figures), *_same(figures), *_fuzz(figures), *_registered(figures), POINTS_SET])


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "| " + " | ".join("---" for _ in headings) + " |"
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
    yield ""


def _verdict_row(title: str, tally: Tally) -> list[object]:
    return [title, tally.pairs, *(tally.verdicts[verdict] for verdict in Verdict), tally.share(Verdict.SAME)]


HEADINGS = ("差别", "对数", "same", "unsure", "different", "same 占")


def _different(figures: Figures) -> Iterator[str]:
    titles = {"one_char": "差一个字的两个单位", "numeral": "只差序号的两个单位"}
    pairs = sum(tally.pairs for tally in figures.different.values())
    wrong = sum(tally.verdicts[Verdict.SAME] for tally in figures.different.values())
    yield "## 不同的单位：一对也不能连\n"
    yield f"比对规则第 {figures.version} 版。{pairs} 对不同的单位，误判为同一主体 {wrong} 对。\n"
    yield from _table(HEADINGS, [_verdict_row(titles[kind], tally) for kind, tally in figures.different.items()])


def _same(figures: Figures) -> Iterator[str]:
    yield "## 同一个单位：能连多少\n"
    yield "真实答案以代码为准；少数几对其实是代码写错。\n"
    rows = [_verdict_row(KINDS[kind], tally) for kind, tally in figures.same.items()]
    yield from _table(HEADINGS, [*rows, _verdict_row("上市公司简称与全称", figures.listed)])
    typed = [figures.same[kind] for kind in TYPED]
    linked = sum(tally.verdicts[Verdict.SAME] for tally in typed)
    asked = sum(tally.verdicts[Verdict.UNSURE] for tally in typed)
    total = sum(tally.pairs for tally in typed)
    yield (
        f"录入差别（前五类）{total} 对：直接关联 {linked} 对，交人核对 {asked} 对，"
        f"其余 {total - linked - asked} 对不关联。\n\n"
        f"曾用名（后两类）{figures.former_by_history} 对靠登记的名称沿革关联，不靠比字：改名后往往一个字也不像。\n"
    )


def _fuzz(figures: Figures) -> Iterator[str]:
    yield "## 与单用 rapidfuzz 相比\n"
    yield "`rapidfuzz.fuzz.ratio` 达到某个分数就判为同一主体时，同一批数据上误连几对、连上几对：\n"
    typed = [figures.same[kind] for kind in TYPED]
    pairs = sum(tally.pairs for tally in typed)
    ours_wrong = sum(tally.verdicts[Verdict.SAME] for tally in figures.different.values())
    ours = sum(tally.verdicts[Verdict.SAME] for tally in typed)
    rows: list[Sequence[object]] = [("本平台", *_measured(ours_wrong, ours, pairs))]
    for cut in CUTS:
        right = sum(figures.fuzz_same[cut][kind] for kind in TYPED)
        rows.append((f"rapidfuzz ≥ {cut}", *_measured(figures.fuzz_different[cut], right, pairs)))
    yield from _table(("方法", "误连", "连上（前五类）", "查准", "查全（前五类）"), rows)


def _measured(wrong: int, right: int, pairs: int) -> tuple[int, int, str, str]:
    return wrong, right, _percent(right, right + wrong), _percent(right, pairs)


def _percent(part: int, whole: int) -> str:
    tenths = 1000 * part // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10} %" if whole else "—"


def _registered(figures: Figures) -> Iterator[str]:
    if not figures.near_names:
        return
    yield "## 登记在册的相近名称\n"
    yield (
        f"在 {figures.near_names} 个登记单位的随机样本中，字号和行业至多差一处的不同单位有 {figures.near.pairs} 对"
        "（用字过于常见的不计）。只看名称、不看代码时：\n"
    )
    yield from _table(HEADINGS, [_verdict_row("不同的登记单位", figures.near)])


HEAD = """# 名称比对

本页由 `python -m bench.matching` 写出；测试保证零误连和各类的下限。名称比对用于没有可用代码的信息，
也用于 `xinheng match` 和 `/match/{dataset}`。

- **判定**：满分 1000，每一处差别按规则包 `matching/points.yaml` 扣分；900 分起为 `same`（可以关联），
  700 分起为 `unsure`（交人核对），以下为 `different`。
- **一票否决**：两个代码都有效而不同，就是两个单位，名称再像也不关联。
- **步骤**：统一全半角、空格、括号、大小写、繁简；取出区划（GB/T 2260 现行名称和 1995 年以来停用的名称）、组织形式、
  分支机构、序号；剩下的是字号和行业，逐字比较。
- **在登记中查找**：先代码，再现用名和曾用名，再按检索词找相近名称；第一名必须领先第二名 100 分，
  或者只有写法不同（980 分起），否则交人核对。
- **自然人**：不比对，不关联，接口拒绝。
- 只写计数，不写真实名称。
"""

POINTS_SET = """## 分数怎样定的

- 换一个字：不同单位之间最常见的差别（登记样本中近似的名称几乎都是换字），所以单这一处就交人核对；
  同音字扣得少些，只影响排序。
- 多一个字、颠倒两个字：不同单位之间很少见，录入时常见，所以可以关联；
  多出的是“东、新、分、第”这类区别用字时交人核对。
- 序号、分支机构、区划不同：就是不同的单位。一方有、一方没有：交人核对。
- 股份有限公司与有限公司：改制是登记变更，靠名称沿革，不靠比字。
- 简称：上市公司简称多为另取的字，不是录入差别，只列出结果。
"""


def main() -> None:
    """Measure and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--out", type=Path, default=PAGE)
    given = options.parse_args()
    given.out.write_text(page(measure(given.data)), encoding="utf-8")


if __name__ == "__main__":
    main()
