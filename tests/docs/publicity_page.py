"""The reference page `docs/reference/publicity.md`, written from the packs.

To write it anew, in Django's shell: `from tests.docs.publicity_page import PAGE, page; PAGE.write_text(page())`.
"""

from collections.abc import Iterator

from tests.docs.documents import ROOT

from xinheng.base.clock import format_date
from xinheng.effects.rules import Predicate, Regime, SeverityClass, Transition, load_rules
from xinheng.rulebook.loader import load_pack

PAGE = ROOT / "docs" / "reference" / "publicity.md"
PACKS = ("national", "demo")
POLICIES = {
    "old_rule": "按决定时的规定",
    "new_rule_if_shorter": "新规定的公示期较短的，按新规定",
    "manual": "由审核人员确定",
}
_HEAD = """# 公示规则

本页由 `tests/docs/publicity_page.py` 从规则包生成，测试保证两者一致。规则写在 `rulebook/packs/<规则包>/publicity/`。

一条决定由作出决定之日的规定管；有专门领域规定的，先看专门领域。规定定出类别和公示期。决定里写的种类、程序、数额或载明的等级
能推出类别的，按规定推出，取最重的一类；推不出的，转审核人员确定，确定前不公示。公示期自决定之日起算。
“未核实”的规定不执行，也不作为法律展示；它管的记录不公示。
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for pack in PACKS for line in _pack(pack))])


def _pack(name: str) -> Iterator[str]:
    rules = load_rules(name)
    own = [regime for regime in rules.regimes if regime.pack == name]
    yield f"## 规则包 `{name}`：{load_pack(name).title}\n"
    for regime in sorted(own, key=lambda one: (one.rules, one.field, one.decided_from, one.key)):
        yield from _regime(regime)
    if not rules.transitions:
        return
    yield "### 新旧规则衔接\n"
    yield "| 信息类型 | 自 | 以前的决定怎样办 | 依据 | 核实 |\n| --- | --- | --- | --- | --- |"
    for rule, policies in rules.transitions:
        for one in policies:
            yield _transition(rule, one)
    yield ""


def _regime(regime: Regime) -> Iterator[str]:
    span = f"{format_date(regime.decided_from)}起"
    span += f"至{format_date(regime.decided_to)}" if regime.decided_to else ""
    yield f"### {regime.description}\n"
    yield f"- 信息类型：{_listed(regime.rules)}" + (f"，限{regime.field}领域" if regime.field else "")
    yield f"- 管{span}作出的决定"
    yield f"- 允许公示：{_listed(regime.enabling)}"
    yield f"- 依据已核实：{_yes(regime.verified)}\n"
    yield "| 类别 | 公示期 | 哪些决定 | 定类别和期限的条款 | 核实 |\n| --- | --- | --- | --- | --- |"
    for one in regime.classes:
        predicates = [predicate for predicate in regime.predicates if predicate.class_key == one.key]
        what = "；".join(_predicate(predicate) for predicate in predicates)
        if regime.otherwise == one.key:
            what = f"{what}；其他决定" if what else "全部" if len(regime.classes) == 1 else "其他决定"
        named = dict.fromkeys([*one.governing, *(predicate.provision for predicate in predicates)])
        cells = (one.label or "—", _period(one), what or "载明或由审核人员确定的", _listed(named), _yes(one.verified))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _period(one: SeverityClass) -> str:
    if not one.publish:
        return "不公示"
    period = one.period
    if period.until == "removal":
        return period.removal_rule
    longest = f"最长 {period.max_months} 个月" if period.max_months else ""
    if period.until == "valid_to":
        return f"至有效期届满，{longest}；没有写明有效期的 {period.without_end_months} 个月"
    return f"最短 {period.min_months} 个月，{longest}" if period.min_months else longest


def _predicate(one: Predicate) -> str:
    limits = [f"{one.from_fen // 100} 元以上" if one.from_fen is not None else ""]
    limits += [f"不足 {one.below_fen // 100} 元" if one.below_fen is not None else ""]
    text = " ".join(part for part in ("、".join(one.kinds), *limits) if part)
    text += f"（限{'、'.join(one.procedures)}）" if one.procedures else ""
    return text if one.verified else f"{text}（未核实）"


def _transition(rule: str, one: Transition) -> str:
    governing = _listed(one.governing) or "—"
    return f"| `{rule}` | {format_date(one.since)} | {POLICIES[one.policy]} | {governing} | {_yes(one.verified)} |"


def _listed(references: tuple[str, ...] | dict[str, None]) -> str:
    return "、".join(f"`{reference}`" for reference in references)


def _yes(verified: bool) -> str:
    return "是" if verified else "否，不执行"
