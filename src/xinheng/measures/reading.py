"""Lists, editions of measures and memoranda as packs write them; every mistake is told with file and line."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from xinheng.base.errors import NotFound
from xinheng.measures.rules import (
    CONSEQUENCES,
    LIST_ENDS,
    LIST_KINDS,
    LIST_LEVELS,
    MEASURE_CLASSES,
    OBJECT_KINDS,
    Edition,
    ListRule,
    Measure,
    Memorandum,
    Trigger,
)
from xinheng.rulebook.loader import Pack, PackFile, load_pack
from xinheng.rulebook.reading import RulebookError, Section
from xinheng.rulebook.rules import read_citation

NOT_SAID = ("reviewed_on", "place", "pack", "digest")
"""What is about the file and not about the measures: a review or a move changes no digest."""


@cache
def load_lists(pack: str) -> Mapping[str, ListRule]:
    """All lists by key; an inner layer's list replaces the outer one of the same key as a whole."""
    found: dict[str, ListRule] = {}
    for file in load_pack(pack).files("lists"):
        rule = _read_list(file)
        _refuse_other_name(file, rule.key)
        found[rule.key] = rule
    return found


@cache
def load_editions(pack: str) -> Mapping[str, Edition]:
    """All editions of lists of measures by key, the outer layers first. No layer changes an edition of another."""
    executors = _executors(load_pack(pack))
    found: dict[str, Edition] = {}
    for file in load_pack(pack).files("measures"):
        edition = _read_edition(file, executors)
        _refuse_other_name(file, edition.key)
        if edition.key in found:
            raise RulebookError(edition.place, f"措施清单“{edition.key}”已由上级规则包登记，不能改写。")
        found[edition.key] = edition
    _refuse_loose_executors(load_pack(pack), executors, found)
    return found


@cache
def load_memoranda(pack: str) -> Mapping[str, Memorandum]:
    """All memoranda by key."""
    found: dict[str, Memorandum] = {}
    for file in load_pack(pack).files("mou"):
        memorandum = _read_memorandum(file)
        _refuse_other_name(file, memorandum.key)
        if memorandum.key in found:
            raise RulebookError(memorandum.place, f"备忘录“{memorandum.key}”已由上级规则包登记，不能改写。")
        found[memorandum.key] = memorandum
    return found


def digest_of(edition: Edition) -> str:
    """What an edition says, as one SHA-256: the same for the same words, wherever they stand."""
    facts = _said(asdict(replace(edition, measures=())))
    measures = [_said(asdict(one)) for one in edition.measures]
    return hashlib.sha256(repr((facts, measures)).encode()).hexdigest()


def _said(facts: dict[str, Any]) -> list[tuple[str, object]]:
    """Facts in an order of their own. What was added to the form later changes no digest where nothing is said."""
    said = {name: value for name, value in facts.items() if name not in NOT_SAID}
    if not said.get("consequence", True):
        del said["consequence"]
    if "triggers" in said:
        said["triggers"] = tuple(
            {name: value for name, value in one.items() if name != "grounds" or value} for one in said["triggers"]
        )
    return sorted(said.items())


def _refuse_other_name(file: PackFile, key: str) -> None:
    if key != file.name:
        raise file.section.refuse("key", f"“key”应与文件同名：{file.name}。")


def _executors(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """Which departments of the region carry a measure out: the innermost layer says it."""
    try:
        section = pack.file("contacts/measures.yaml").section
    except NotFound:
        return {}
    section.text("description")
    named = section.section("executors")
    found = {key: named.texts(key) for key in named.text_keys()}
    section.done()
    return found


def _refuse_loose_executors(
    pack: Pack, executors: Mapping[str, tuple[str, ...]], editions: Mapping[str, Edition]
) -> None:
    known = {measure.key for edition in editions.values() for measure in edition.measures}
    for key in executors:
        if key not in known:
            section = pack.file("contacts/measures.yaml").section
            raise section.section("executors").refuse(key, f"没有“{key}”这项措施。")


def _read_list(file: PackFile) -> ListRule:
    section = file.section
    citation, verified, reviewed_on = read_citation(section)
    rule = ListRule(
        key=section.text("key"),
        title=section.text("title"),
        names=section.texts("names"),
        kind=section.choice("kind", LIST_KINDS),
        level=section.choice("level", LIST_LEVELS, "national"),
        basis=section.texts("basis"),
        basis_text=section.text("basis_text", ""),
        deciding_body=section.text("deciding_body"),
        criteria=section.text("criteria"),
        ends=section.choice("ends", LIST_ENDS),
        term_months=section.whole("term_months", 0),
        term=section.text("term"),
        early_removal=section.text("early_removal", ""),
        named_persons=section.text("named_persons", ""),
        correction=section.text("correction", ""),
        record_type=section.text("record_type", ""),
        record_value=section.text("record_value", ""),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        pack=file.pack,
        place=section.place,
    )
    section.done()
    if rule.term_months < 0:
        raise section.refuse("term_months", "期限应为月数。")
    return rule


def _read_edition(file: PackFile, executors: Mapping[str, tuple[str, ...]]) -> Edition:
    section = file.section
    citation, verified, reviewed_on = read_citation(section)
    key = section.text("key")
    measures: list[Measure] = []
    for inner in section.sections("measures"):
        measure = _read_measure(inner, key, file.pack, executors)
        if any(one.key == measure.key for one in measures):
            raise inner.refuse("key", f"措施“{measure.key}”重复。")
        measures.append(measure)
    edition = Edition(
        key=key,
        title=section.text("title"),
        issuer=section.text("issuer"),
        provision=section.text("provision", ""),
        effective_from=section.optional_day("effective_from"),
        effective_to=section.optional_day("effective_to"),
        local=section.flag("local", False),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        measures=tuple(measures),
        digest="",
        pack=file.pack,
        place=section.place,
    )
    section.done()
    if verified and edition.effective_from is None:
        raise section.refuse("verified", "已核实的清单必须写明施行日期 effective_from。")
    return replace(edition, digest=digest_of(edition))


def _read_measure(section: Section, edition: str, pack: str, executors: Mapping[str, tuple[str, ...]]) -> Measure:
    citation, verified, reviewed_on = read_citation(section)
    key = section.text("key")
    measure = Measure(
        key=key,
        edition=edition,
        measure_class=section.choice("class", MEASURE_CLASSES),
        title=section.text("title"),
        text=section.text("text", ""),
        objects=section.text("objects"),
        object_kind=section.choice("object_kind", OBJECT_KINDS),
        basis=section.texts("basis"),
        basis_text=section.text("basis_text", ""),
        executing_body=section.text("executing_body"),
        executors=executors.get(key, ()),
        triggers=tuple(_read_trigger(inner) for inner in section.sections("triggers")),
        max_months=section.whole("max_months", 0),
        execute=section.flag("execute", False),
        fair_competition=section.text("fair_competition", ""),
        consequence=section.choice("consequence", CONSEQUENCES, ""),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        pack=pack,
        place=section.place,
    )
    section.done()
    return measure


def _read_trigger(section: Section) -> Trigger:
    trigger = Trigger(
        list_key=section.text("list", ""),
        provision=section.text("provision"),
        quote=section.text("quote"),
        grounds=section.texts("grounds"),
    )
    section.done()
    if not trigger.quote:
        raise section.refuse("quote", "触发条件须抄录条款的原话。")
    return trigger


def _read_memorandum(file: PackFile) -> Memorandum:
    section = file.section
    citation, verified, reviewed_on = read_citation(section)
    memorandum = Memorandum(
        key=section.text("key"),
        title=section.text("title"),
        document_no=section.text("document_no", ""),
        initiator=section.text("initiator"),
        signatories=section.texts("signatories"),
        objects=section.text("objects"),
        measures=section.texts("measures"),
        basis_text=section.text("basis_text", ""),
        feedback=section.text("feedback", ""),
        signed_on=section.optional_day("signed_on"),
        ended_on=section.optional_day("ended_on"),
        fictional=section.flag("fictional", False),
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        pack=file.pack,
        place=section.place,
    )
    section.done()
    return memorandum
