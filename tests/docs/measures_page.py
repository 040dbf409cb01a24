"""The reference page `docs/reference/measures.md`, written from the packs.

To write it anew, in Django's shell: `from tests.docs.measures_page import PAGE, page; PAGE.write_text(page())`.
"""

from collections.abc import Iterator

from tests.docs.documents import ROOT

from xinheng.base.clock import format_date
from xinheng.measures.reading import load_editions, load_lists, load_memoranda
from xinheng.measures.rules import Edition, ListRule, Measure
from xinheng.measures.wording import CLASS_SHORT, KIND_WORDS, KINDS_IN_ORDER, state_of_list
from xinheng.rulebook.loader import load_pack

PAGE = ROOT / "docs" / "reference" / "measures.md"
PACKS = ("national", "demo")
_HEAD = """# 名单、措施和备忘录

本页由 `tests/docs/measures_page.py` 从规则包生成，测试保证两者一致。
规则写在 `rulebook/packs/<规则包>/` 的 `lists/`、`measures/`、`mou/`，执行部门写在 `contacts/measures.yaml`。

一项措施在某一天可以执行，须同时满足：所在清单由两人在本站公布，公布后没有变动；清单已核实并在施行；每一条依据已核实、当天有效，其中至少一条是法律、
法规或者党中央、国务院政策文件（激励措施除外）；对象是单位，并且是条款的原话；每一个触发名单都写在所引条款的原话里。缺一项就不执行，并说明是哪一项。
对象是自然人的措施只作文字保留。`xinheng rulebook check` 拒绝不合这些规则的规则包。
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for pack in PACKS for line in _pack(pack))])


def _pack(name: str) -> Iterator[str]:
    yield f"## 规则包 `{name}`：{load_pack(name).title}\n"
    own = [rule for rule in load_lists(name).values() if rule.pack == name]
    yield "### 名单\n"
    yield "| 代码 | 名单 | 性质 | 认定单位 | 期限 | 依据 | 状态 |\n| --- | --- | --- | --- | --- | --- | --- |"
    for kind in KINDS_IN_ORDER:
        yield from (_list(rule) for rule in own if rule.kind == kind)
    yield ""
    for edition in load_editions(name).values():
        if edition.pack == name:
            yield from _edition(edition)
    yield "### 备忘录（不作为依据）\n"
    yield "| 名称 | 文号 | 发起部门 | 签署 | 终止 |\n| --- | --- | --- | --- | --- |"
    for one in load_memoranda(name).values():
        if one.pack == name:
            signed = format_date(one.signed_on) if one.signed_on else "待核实"
            ended = format_date(one.ended_on) if one.ended_on else "—"
            yield f"| {one.title} | {one.document_no or '—'} | {one.initiator} | {signed} | {ended} |"
    yield ""


def _list(rule: ListRule) -> str:
    basis = _listed(rule.basis) or rule.basis_text or "—"
    cells = (f"`{rule.key}`", rule.title, KIND_WORDS[rule.kind], rule.deciding_body, rule.term, basis)
    return f"| {' | '.join(cells)} | {state_of_list(rule)} |"


def _edition(edition: Edition) -> Iterator[str]:
    yield f"### {edition.title}\n"
    since = f"{format_date(edition.effective_from)}起施行" if edition.effective_from else "施行日期待核实"
    yield f"- 清单 `{edition.key}`，{since}，{'已核实' if edition.verified else '未核实，不执行'}"
    yield f"- 出处：{edition.citation}\n"
    yield "| 编号 | 类别 | 措施 | 对象 | 依据 | 触发名单 | 执行 |\n| --- | --- | --- | --- | --- | --- | --- |"
    yield from (_measure(one) for one in edition.measures)
    yield ""


def _measure(one: Measure) -> str:
    does = "公布后执行" if one.execute else "只供查阅（自然人）" if one.object_kind == "person" else "只供查阅"
    lists = "、".join(f"`{key}`" for key in one.list_keys) or "—"
    cells = (f"`{one.key}`", CLASS_SHORT[one.measure_class], one.title, one.objects, _listed(one.basis), lists, does)
    return f"| {' | '.join(cells)} |"


def _listed(references: tuple[str, ...]) -> str:
    return "、".join(f"`{reference}`" for reference in references)
