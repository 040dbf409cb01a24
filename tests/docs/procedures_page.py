"""The reference page `docs/reference/procedures.md`, written from the packs.

To write it anew, in Django's shell: `from tests.docs.procedures_page import PAGE, page; PAGE.write_text(page())`.
"""

from collections.abc import Iterator

from tests.docs.documents import ROOT

from xinheng.base.clock import format_date
from xinheng.proceedings.documents import templates
from xinheng.proceedings.procedures import PARTY_LABELS, DeadlineRule, Procedure, Step, load_procedures
from xinheng.proceedings.repair_rules import RepairRule, load_repair_rules
from xinheng.rulebook.loader import load_pack

PAGE = ROOT / "docs" / "reference" / "procedures.md"
PACKS = ("national", "demo")
_HEAD = """# 办理程序

本页由 `tests/docs/procedures_page.py` 从规则包生成，测试保证两者一致。
程序写在 `rulebook/packs/<规则包>/procedures/`，期限写在其中的 `deadlines/`，文书写在 `documents/`，
修复的条件写在 `repair/`。

案件只能按表里的步骤走；表里没有的步骤，谁也走不了。
不利的步骤以前必有告知和陈述的机会，并且由两人办理；`xinheng rulebook check` 逐表证明。
期限按工作日计算，自所列步骤的次日起算。“未核实”的期限不执行，也不作为法律展示。
"""


def page() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD]
    for versions in load_procedures("national").values():
        for one in versions:
            lines += [*_procedure(one), ""]
    lines += ["## 期限", ""]
    for pack in PACKS:
        lines += [f"### 规则包 `{pack}`：{load_pack(pack).title}", ""]
        for versions in load_procedures(pack).values():
            lines += [*_deadlines(versions[-1]), ""]
    lines += ["## 修复的条件", ""]
    for rule in (*load_repair_rules("national"), *(one for one in load_repair_rules("demo") if one.pack == "demo")):
        lines += [*_repair_rule(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def _procedure(one: Procedure) -> Iterator[str]:
    yield f"## {one.title} `{one.key}`"
    yield ""
    yield one.description
    yield ""
    yield f"- 适用于{format_date(one.since)}起立案的；案号如 {one.sign}〔2026〕0001号"
    yield f"- 依据：{one.citation}"
    yield ""
    yield "| 状态 | 名称 | 轮到 | 申请人看到 |\n| --- | --- | --- | --- |"
    for state in one.states:
        turn = "（办结）" if state.final else PARTY_LABELS[state.waits_for] if state.waits_for else ""
        yield f"| `{state.key}` | {state.title} | {turn} | {state.public_title} |"
    yield ""
    yield "| 从 | 步骤 | 到 | 谁可以 | 期限 | 须填、须有 | 要求 | 后果、文书、告知 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for step in one.steps:
        yield _step(one, step)


def _step(table: Procedure, step: Step) -> str:
    names = dict(table.attachments)
    rule = table.deadline(step.deadline)
    extended = table.deadline(step.extends)
    asked = [table.field(key).label for key in step.needs] + [names[kind] for kind in step.documents]
    marks = {
        "不利": step.adverse, "两人办理": step.two_person, "告知理由": step.notice, "听取意见": step.hearing,
        "认定部门的决定": step.external, "只一次": step.once, "重新打开": step.reopens,
    }  # fmt: skip
    demands = [word for word, there in marks.items() if there] + ([f"条件 `{step.guard}`"] if step.guard else [])
    told = list(dict.fromkeys(PARTY_LABELS[tell.to] for tell in step.tells))
    follows = [f"`{name}`" for name in step.then]
    follows += [f"《{templates('national')[step.issues].title}》"] if step.issues else []
    follows += [f"告知{'、'.join(told)}"] if told else []
    until = rule.title if rule else f"延长“{extended.title}”" if extended else ""
    cells = (
        "、".join(f"`{one}`" for one in step.sources) or "（立案）",
        f"{step.title} `{step.event}`",
        f"`{step.target}`",
        "、".join(PARTY_LABELS[party] for party in step.who),
        until,
        "、".join(asked),
        "、".join(demands),
        "；".join(follows),
    )
    return f"| {' | '.join(cells)} |"


def _deadlines(table: Procedure) -> Iterator[str]:
    titles = {step.event: step.title for step in table.steps}
    yield f"| {table.title} | 自何时起算 | 工作日 | 提前提醒 | 可延长 | 自 | 出处 | 核实 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for rule in table.deadlines:
        yield from _values(rule, "或者".join(titles[event] for event in rule.counted_from))


def _values(rule: DeadlineRule, begins: str) -> Iterator[str]:
    for one in rule.values:
        cells = (
            rule.title,
            begins,
            str(one.days),
            str(one.warn or ""),
            str(one.extend or ""),
            format_date(one.since),
            one.citation,
            "是" if one.verified else "否，不执行",
        )
        yield f"| {' | '.join(cells)} |"


def _repair_rule(rule: RepairRule) -> Iterator[str]:
    yield f"### {rule.title} `{rule.pack}/{rule.key}`"
    yield ""
    yield f"- 管按这些公示规则公示的信息：{'、'.join(f'`{one}`' for one in rule.regimes)}"
    yield f"- 由{rule.decided_by}审核；依据 {'、'.join(f'`{one}`' for one in rule.basis)}"
    yield from (f"- 条件：{one}" for one in rule.conditions)
    yield from (f"- 材料：{label}" for _, label in rule.materials)
    for one in rule.longer:
        mark = "" if one.verified else "（未核实，不执行）"
        yield f"- {'、'.join(one.fields)}领域最短 {one.months} 个月{mark}"
    for gone in rule.excluded:
        yield f"- 不能修复：{gone.why}{'' if gone.verified else '（未核实，不执行）'}"
    if rule.after_revocation:
        mark = "" if rule.after_revocation.verified else "（未核实，不执行）"
        yield f"- 撤销修复以后：{rule.after_revocation.why}{mark}"
    for one in rule.local:
        mark = "" if one.verified else "（未核实，不执行）"
        yield f"- 由本地部门审核：{'、'.join(one.departments)}作出的，自{format_date(one.since)}起{mark}"
    yield f"- 承诺：{rule.commitment}"
