"""What a table must hold before anybody is handled by it; `rulebook check` tells every mistake in words."""

from collections.abc import Collection, Iterator

from xinheng.proceedings.consequences import CONSEQUENCES
from xinheng.proceedings.documents import ALWAYS, templates
from xinheng.proceedings.guards import GUARDS
from xinheng.proceedings.procedures import Procedure, Step, load_procedures
from xinheng.proceedings.repair_rules import load_repair_rules


def procedure_mistakes(pack: str, stated: Collection[str], *, speaks_for_a_place: bool) -> list[str]:
    """Every mistake in the procedures and repair rules of a pack. `stated` are the provisions of the legal register."""
    found = []
    for versions in load_procedures(pack).values():
        for one in versions:
            found += [f"程序“{one.title}”（{one.rule_set}）：{mistake}" for mistake in _mistakes(one, pack, stated)]
            if speaks_for_a_place:
                found += [f"程序“{one.title}”：{mistake}" for mistake in _clocks_that_never_strike(one)]
    for rule in load_repair_rules(pack):
        found += [
            f"修复规则“{rule.key}”引用的依据 {one} 不在依据目录中。" for one in rule.provisions if one not in stated
        ]
    return found


def _mistakes(table: Procedure, pack: str, stated: Collection[str]) -> Iterator[str]:
    states = {state.key for state in table.states}
    openings = [step for step in table.steps if not step.sources]
    if len(openings) != 1:
        yield "应当有且只有一个立案的步骤（没有 from）。"
        return
    loose = [(step, key) for step in table.steps for key in (*step.sources, step.target) if key not in states]
    if loose:
        yield from (f"第 {step.line} 行“{step.title}”用到没有定义的状态 {key}。" for step, key in loose)
        return
    yield from _dead_ends(table)
    yield from _unnamed(table, pack, stated)
    yield from _twice(table)
    for step in table.steps:
        yield from _unfair(table, step, pack)


def reached(table: Procedure, *, without: Collection[str] = ()) -> frozenset[str]:
    """The states that can be reached from the opening by steps whose events are not in `without`."""
    return _spread({table.opening.target}, [step for step in table.steps if step.event not in without])


def can_end(table: Procedure) -> frozenset[str]:
    """The states from which a final state can be reached."""
    found = set(table.final_states)
    while True:
        more = {source for step in table.steps if step.target in found for source in step.sources} - found
        if not more:
            return frozenset(found)
        found |= more


def _spread(start: set[str], steps: Collection[Step]) -> frozenset[str]:
    found = set(start)
    while True:
        more = {step.target for step in steps if found & set(step.sources)} - found
        if not more:
            return frozenset(found)
        found |= more


def _dead_ends(table: Procedure) -> Iterator[str]:
    for key in sorted({state.key for state in table.states} - reached(table)):
        yield f"状态 {key} 到不了。"
    for key in sorted({state.key for state in table.states} - can_end(table)):
        yield f"状态 {key} 不能办结。"
    for state in table.states:
        onward = [step for step in table.steps_from(state.key) if not step.reopens]
        if state.final and onward:
            yield f"状态 {state.key} 已经办结，还有步骤“{onward[0].title}”没有写明重新打开（reopens）。"
        takers = {party for step in table.steps_from(state.key) for party in step.who}
        if not state.final and state.waits_for not in takers:
            yield f"状态 {state.key} 轮到的一方没有可以办理的步骤。"


def _unnamed(table: Procedure, pack: str, stated: Collection[str]) -> Iterator[str]:
    fields = {field.key for field in table.fields}
    kinds = {kind for kind, _ in table.attachments}
    deadlines = {rule.key for rule in table.deadlines}
    events = {step.event for step in table.steps}
    known = (
        ("needs", fields, "表单项"),
        ("documents", kinds, "材料种类"),
        ("then", CONSEQUENCES.keys(), "后果"),
        ("basis", stated, "依据"),
    )
    for step in table.steps:
        for name, allowed, label in known:
            for one in getattr(step, name):
                if one not in allowed:
                    yield f"第 {step.line} 行“{step.title}”引用的{label} {one} 不存在。"
        single = ((step.deadline, deadlines, "期限"), (step.extends, deadlines, "期限"), (step.guard, GUARDS, "条件"),
                  (step.issues, templates(pack), "文书"))  # fmt: skip
        for one, allowed, label in single:
            if one and one not in allowed:
                yield f"第 {step.line} 行“{step.title}”引用的{label} {one} 不存在。"
        for place in _blank(table, step, pack):
            yield f"第 {step.line} 行“{step.title}”的文书要写 {place}，办到这一步时可能没有人填写过。"
    for rule in table.deadlines:
        for event in rule.counted_from:
            if event not in events:
                yield f"期限 {rule.key} 从没有的步骤 {event} 起算。"
        for value in rule.values:
            if value.provision and value.provision not in stated:
                yield f"期限 {rule.key} 引用的依据 {value.provision} 不在依据目录中。"


def _blank(table: Procedure, step: Step, pack: str) -> list[str]:
    """The places of the step's document that would stay empty on some way to the step."""
    if step.issues not in templates(pack):
        return []
    places = templates(pack)[step.issues].places() - ALWAYS - {rule.key for rule in table.deadlines}
    return sorted(place for place in places - set(step.needs) if not _stated_on_every_way(table, step, place))


def _stated_on_every_way(table: Procedure, step: Step, field: str) -> bool:
    if field in table.opening.needs:
        return True
    stating = {one.event for one in table.steps if field in one.needs}
    return not reached(table, without=stating) & set(step.sources)


def _twice(table: Procedure) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for step in table.steps:
        for source in step.sources:
            if (source, step.event) in seen:
                yield f"第 {step.line} 行：从 {source} 出发的步骤 {step.event} 写了两次。"
            seen.add((source, step.event))


def _unfair(table: Procedure, step: Step, pack: str) -> Iterator[str]:
    """An adverse step: two persons, remedies named, and on every way to it notice first, then a chance to be heard."""
    if not step.adverse:
        return
    if not step.issues:
        yield f"第 {step.line} 行不利的步骤“{step.title}”没有文书。"
    elif step.issues in templates(pack) and not step.external and not templates(pack)[step.issues].remedies:
        yield f"第 {step.line} 行不利的步骤“{step.title}”的文书没有写明救济途径。"
    if step.external:
        return
    if not step.two_person:
        yield f"第 {step.line} 行不利的步骤“{step.title}”没有要求两人办理。"
    if "clock" in step.who:
        yield f"第 {step.line} 行不利的步骤“{step.title}”不能到期自动作出。"
    notices = {one.event for one in table.steps if one.notice}
    hearings = {one.event for one in table.steps if one.hearing}
    if reached(table, without=notices) & set(step.sources):
        yield f"第 {step.line} 行不利的步骤“{step.title}”可以不经告知就到达。"
    if _unheard(table, notices, hearings) & set(step.sources):
        yield f"第 {step.line} 行不利的步骤“{step.title}”可以不听取意见就到达。"


def _unheard(table: Procedure, notices: set[str], hearings: set[str]) -> frozenset[str]:
    """The states that can be reached after a notice without a hearing since."""
    after_notice = {step.target for step in table.steps if step.event in notices}
    return _spread(after_notice, [step for step in table.steps if step.event not in hearings])


def _clocks_that_never_strike(table: Procedure) -> Iterator[str]:
    for step in table.steps:
        if "clock" not in step.who or step.guard:
            continue
        rule = table.deadline(step.deadline)
        if rule is None or not any(value.verified for value in rule.values):
            yield f"第 {step.line} 行“{step.title}”到期自动办理，但期限 {step.deadline} 没有已核实的取值。"
