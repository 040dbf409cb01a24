"""What `rulebook check` refuses of lists, measures and memoranda, each with file and line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from xinheng.catalogue.contracts import load_contracts
from xinheng.law.queries import Article
from xinheng.law.reading import TextFile, read_texts
from xinheng.measures.judging import Ground, Published, executable
from xinheng.measures.reading import load_editions, load_lists, load_memoranda
from xinheng.measures.rules import Edition, ListRule, Measure, Memorandum
from xinheng.proceedings.determination_rules import DeterminationRule, load_determination_rules

CONSULTATION_DAYS = timedelta(days=30)


@dataclass(frozen=True)
class Stated:
    """Everything a pack states that lists, measures and memoranda are held against."""

    lists: Mapping[str, ListRule]
    editions: Mapping[str, Edition]
    memoranda: Mapping[str, Memorandum]
    texts: Mapping[str, TextFile]
    values: frozenset[tuple[str, str]]
    """Contract and word under which entries may arrive."""
    determinations: Mapping[str, DeterminationRule] = field(default_factory=dict)

    @property
    def provisions(self) -> dict[str, Article]:
        """The articles the pack states."""
        return cited_provisions(self.texts.values())


def measure_mistakes(pack: str) -> list[str]:
    """Every mistake in the lists, measures and memoranda of a pack; RulebookError for what cannot be read at all."""
    contracts = load_contracts(pack).items()
    values = {(key, value) for key, one in contracts for field in one.fields for value in field.values}
    texts = {text.key: text for text in read_texts(pack)}
    determinations = load_determination_rules(pack)
    return mistakes_in(
        Stated(load_lists(pack), load_editions(pack), load_memoranda(pack), texts, frozenset(values), determinations)
    )


def mistakes_in(stated: Stated) -> list[str]:
    """Every mistake in what is stated, each with file and line."""
    provisions = stated.provisions
    return [
        *(mistake for rule in stated.lists.values() for mistake in _of_list(rule, stated.texts, provisions)),
        *(mistake for rule in stated.lists.values() for mistake in _of_arrival(rule, stated.values)),
        *_repeated_arrivals(stated.lists.values()),
        *(
            mistake
            for one in stated.editions.values()
            for mistake in _of_edition(one, stated.editions, stated.lists, provisions)
        ),
        *(mistake for one in stated.memoranda.values() for mistake in _of_memorandum(one)),
        *(mistake for one in stated.determinations.values() for mistake in _of_determination(one, stated)),
    ]


def edition_mistakes(pack: str, key: str) -> list[str]:
    """The mistakes of one edition; what must be none before it is published."""
    editions = load_editions(pack)
    return list(_of_edition(editions[key], editions, load_lists(pack), cited_provisions(read_texts(pack))))


def cited_provisions(texts: Iterable[TextFile]) -> dict[str, Article]:
    """The articles a pack states, as measures cite them."""
    return {
        f"{text.key}#{one.article}": Article(
            reference=f"{text.key}#{one.article}",
            text_title=text.title,
            article=one.article,
            level=text.level,
            summary=one.summary,
            verified=one.verified and text.verified,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
        )
        for text in texts
        for one in text.provisions
    }


def _of_list(rule: ListRule, texts: Mapping[str, TextFile], provisions: Mapping[str, Article]) -> Iterator[str]:
    where = f"规则文件 {rule.place}：名单“{rule.title}”"
    for reference in rule.basis:
        if reference not in provisions:
            yield f"{where}引用的依据 {reference} 不在依据目录中。"
    if rule.kind == "attention":
        if rule.record_type or rule.basis:
            yield f"{where}是内部标签，不得收取记录，也不得当作有依据的名单。"
        return
    if rule.verified and not any(provisions[one].verified for one in rule.basis if one in provisions):
        yield f"{where}写成已核实，但没有一条依据是已核实的。"
    if not rule.names:
        yield f"{where}没有写明条款怎样称呼它（names）。"
    if rule.level == "local":
        yield from _of_local_list(rule, texts, where)
    if rule.kind == "honour" and rule.named_persons:
        yield f"{where}是守信名单，只收单位，不得写自然人。"
    if rule.ends == "removal" and not rule.early_removal:
        yield f"{where}没有届满日，须写明移出的条件。"


def _of_local_list(rule: ListRule, texts: Mapping[str, TextFile], where: str) -> Iterator[str]:
    """国办发〔2020〕49号: a list of one place needs a local regulation, consulted upon for thirty days."""
    regulations = [texts[one.partition("#")[0]] for one in rule.basis if one.partition("#")[0] in texts]
    regulations = [text for text in regulations if text.level == "local_regulation"]
    if not regulations:
        yield f"{where}只在本地实施，没有地方性法规作依据。"
    elif not any(
        consultation.closed_on - consultation.opened_on >= CONSULTATION_DAYS
        for text in regulations
        for consultation in text.consultations
    ):
        yield f"{where}的地方性法规没有登记三十日以上的公开征求意见。"


def _of_arrival(rule: ListRule, values: frozenset[tuple[str, str]]) -> Iterator[str]:
    if bool(rule.record_type) != bool(rule.record_value):
        yield f"规则文件 {rule.place}：名单“{rule.title}”的 record_type 和 record_value 要么都写，要么都不写。"
    elif rule.record_type and (rule.record_type, rule.record_value) not in values:
        yield f"规则文件 {rule.place}：信息类型“{rule.record_type}”没有“{rule.record_value}”这一取值。"


def _repeated_arrivals(lists: Iterable[ListRule]) -> Iterator[str]:
    seen: dict[tuple[str, str], ListRule] = {}
    for rule in lists:
        arrival = (rule.record_type, rule.record_value)
        if rule.record_type and arrival in seen:
            yield f"规则文件 {rule.place}：“{rule.title}”与“{seen[arrival].title}”收取同一类记录。"
        seen[arrival] = rule


def _of_edition(
    edition: Edition,
    editions: Mapping[str, Edition],
    lists: Mapping[str, ListRule],
    provisions: Mapping[str, Article],
) -> Iterator[str]:
    if edition.provision and edition.provision not in provisions:
        yield f"规则文件 {edition.place}：清单引用的依据 {edition.provision} 不在依据目录中。"
    if edition.local and not edition.provision:
        yield f"规则文件 {edition.place}：地方补充清单须写明依据（provision）。"
    for measure in edition.measures:
        yield from _of_measure(measure, provisions)
        if measure.execute:
            yield from _not_executable(measure, edition, lists, provisions)
        yield from _said_twice(measure, edition, editions)


def _of_measure(measure: Measure, provisions: Mapping[str, Article]) -> Iterator[str]:
    where = f"规则文件 {measure.place}：措施“{measure.title}”"
    if not measure.basis:
        yield f"{where}没有依据。"
    for reference in measure.basis:
        if reference not in provisions:
            yield f"{where}引用的依据 {reference} 不在依据目录中。"
    if measure.verified and not any(provisions[one].verified for one in measure.basis if one in provisions):
        yield f"{where}写成已核实，但没有一条依据是已核实的。"
    if measure.max_months < 0:
        yield f"{where}的最长期限应为月数。"
    if measure.incentive and not measure.fair_competition:
        yield f"{where}是激励措施，须写明公平竞争审查的意见。"
    for trigger in measure.triggers:
        provision = provisions.get(trigger.provision)
        if provision is None or trigger.quote not in provision.summary:
            yield f"{where}的触发条件“{trigger.quote}”不是 {trigger.provision} 登记的原话。"


def _not_executable(
    measure: Measure, edition: Edition, lists: Mapping[str, ListRule], provisions: Mapping[str, Article]
) -> Iterator[str]:
    """A measure marked `execute` must be one that only publication is missing for, on some day of its edition."""
    where = f"规则文件 {measure.place}：措施“{measure.title}”标为执行（execute: true），但是："
    day = _first_day(measure, edition, provisions)
    published = Published(edition.key, edition.digest, day, None)
    ground = Ground({edition.key: edition}, lists, provisions, (published,))
    for reason in executable(measure, ground, day).reasons:
        yield f"{where}{reason}"


def _first_day(measure: Measure, edition: Edition, provisions: Mapping[str, Article]) -> date:
    """The first day on which edition and provisions could all be in force."""
    begins = [provisions[one].effective_from for one in measure.basis if one in provisions]
    return max(one for one in (date.min, edition.effective_from, *begins) if one is not None)


def _said_twice(measure: Measure, edition: Edition, editions: Mapping[str, Edition]) -> Iterator[str]:
    for other in editions.values():
        if other.key >= edition.key or measure.key not in {one.key for one in other.measures}:
            continue
        if _overlap(edition, other):
            yield f"规则文件 {measure.place}：措施“{measure.key}”在同一时间的“{other.title}”里已有。"


def _overlap(one: Edition, other: Edition) -> bool:
    first, second = (edition.effective_from or date.min for edition in (one, other))
    return first <= (other.effective_to or date.max) and second <= (one.effective_to or date.max)


def _of_memorandum(memorandum: Memorandum) -> Iterator[str]:
    if memorandum.signed_on and memorandum.ended_on and memorandum.ended_on < memorandum.signed_on:
        yield f"规则文件 {memorandum.place}：备忘录“{memorandum.title}”的终止早于签署。"
    if memorandum.verified and memorandum.signed_on is None:
        yield f"规则文件 {memorandum.place}：备忘录“{memorandum.title}”写成已核实，须写明签署日期。"


def _of_determination(rule: DeterminationRule, stated: Stated) -> Iterator[str]:
    """A department of a place lists nobody but by the rule of a list of law, and never longer or wider than it says."""
    where = f"规则文件 {rule.place}：名单“{rule.list_key}”的认定规则"
    provisions = stated.provisions
    for reference in rule.basis:
        if reference not in provisions:
            yield f"{where}引用的依据 {reference} 不在依据目录中。"
    listed = stated.lists.get(rule.list_key)
    if listed is None or listed.kind != "serious" or not listed.record_type:
        yield f"{where}没有对应的严重失信主体名单：内部标签、守信名单和没有登记的名单不得认定。"
        return
    if rule.verified and not listed.verified:
        yield f"{where}写成已核实，但名单“{listed.title}”的规则尚未核实。"
    if rule.verified and not all(provisions[one].verified for one in rule.basis if one in provisions):
        yield f"{where}写成已核实，但有依据尚未核实。"
    if listed.term_months and max(rule.months) > listed.term_months:
        yield f"{where}允许的期限超过名单的最长期限 {listed.term_months} 个月。"
    if rule.persons and not listed.named_persons:
        yield f"{where}写明了个人，但名单“{listed.title}”没有写明列入个人。"
    if rule.verified and not (rule.kinds or rule.fine_from):
        yield f"{where}没有写明哪些处罚符合列入的条件。"
