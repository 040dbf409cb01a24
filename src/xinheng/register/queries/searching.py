"""The one search box: organisations by what was typed, and records by document number."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.transaction import atomic

from xinheng.base.scope import Scope
from xinheng.register.models import Gate, Identifier, Organisation, Record, SubjectLink
from xinheng.register.name_search import NameHit, NameHits, alike, by_initials, by_name, by_one_typo
from xinheng.register.scoping import records_in
from xinheng.register.summaries import OrganisationSummary, summaries
from xinheng.register.understanding import Meaning, Understood, decision_number, spellings, understand

Kind = Literal["code", "decision_no", "name", "initials", "typo", "nothing", "refused"]

SIMILAR = 5
FEW = 3
"""With no more hits than this, similar names are shown beside them."""
SHORTEST_WITH_TYPO = 3
MOST_NUMBERS = 200


@dataclass(frozen=True)
class OrganisationHit:
    """An organisation found, and in words what of it matched."""

    organisation: OrganisationSummary
    matched: str


@dataclass(frozen=True)
class SearchResult:
    """What was found. `understood_as` says in Chinese how the text was read, and what to do then.

    For the kind `decision_no` the public gets no organisations here: the door asks `records_by_decision_no`
    and shows those of the records that are in force. For `refused` the text is empty.
    """

    text: str
    understood_as: str
    kind: Kind
    hits: tuple[OrganisationHit, ...]
    similar: tuple[OrganisationHit, ...]
    more: bool


def search(scope: Scope, text: str, *, limit: int = 20, offset: int = 0) -> SearchResult:
    """Organisations by code, present or former name, pinyin initials, or a name with one typo.

    Persons are never found: a text with a citizen number is refused and not repeated.
    """
    understood = understand(text)
    with _through_indexes():
        match understood.meaning:
            case Meaning.PERSON:
                return _refused()
            case Meaning.TOO_SHORT:
                return _empty(text, "nothing", "请至少输入两个字；拼音首字母请至少输入三个")
            case Meaning.CODE | Meaning.CODE_OR_PERSON:
                return _by_code(scope, text, understood, limit=limit, offset=offset)
            case Meaning.DECISION_NO:
                return _by_decision_no(scope, text, limit=limit, offset=offset)
            case _:
                return _by_words(scope, text, understood, limit=limit, offset=offset)


def records_by_decision_no(scope: Scope, text: str, *, limit: int = 20) -> tuple[int, ...]:
    """Record numbers whose document number is `text`, or else begins with it; newest decision first.

    For the public these are open and not withdrawn, but whether they are in force now only `effects` knows:
    the door must pass each through `effects.queries.published`.
    """
    number = decision_number(text)
    if len(number) < SHORTEST_WITH_TYPO:
        return ()
    found = records_in(scope).filter(known_to=None)
    if scope.public:
        found = found.filter(gate=Gate.OPEN, withdrawn=False)
    with _through_indexes():
        exact = _newest(found, "iexact", number, limit)
        return exact or _newest(found, "istartswith", number, limit)


@contextmanager
def _through_indexes() -> Iterator[None]:
    """A look at every row is never the right plan for a search, whatever the statistics say."""
    with atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
        yield


def _newest(records: QuerySet[Record], comparison: str, number: str, limit: int) -> tuple[int, ...]:
    written = Q()
    for spelling in spellings(number):
        written |= Q(**{f"decision_no__{comparison}": spelling})
    # Sorted here: a short beginning fits very many numbers, of which a bounded part is enough.
    rows = records.filter(written).values_list("decided_on", "record_no")[: max(limit, MOST_NUMBERS)]
    ordered = sorted(rows, key=lambda row: (row[0] or date.min, row[1]), reverse=True)
    return tuple(record_no for _, record_no in ordered[:limit])


def _by_code(scope: Scope, text: str, understood: Understood, *, limit: int, offset: int) -> SearchResult:
    direct = list(Organisation.objects.filter(credit_code=understood.text).values_list("pk", flat=True))
    rows = (
        Identifier.objects.filter(value=understood.text).exclude(organisation_id__in=direct).order_by("known_to", "pk")
    )
    matched = dict.fromkeys(direct, "统一社会信用代码一致")
    for row in rows:
        past = "" if row.known_to is None else "曾用"
        matched.setdefault(row.organisation_id, f"{past}{row.get_kind_display()}一致")
    hits = tuple(OrganisationHit(one, matched[one.id]) for one in summaries(scope, list(matched)))
    if hits:
        return _page(text, "code", "按代码匹配", hits, limit=limit, offset=offset)
    if understood.meaning is Meaning.CODE_OR_PERSON:
        return _refused()
    return _empty(text, "nothing", "按代码没有找到，请逐位核对，或改用名称查询")


def _by_decision_no(scope: Scope, text: str, *, limit: int, offset: int) -> SearchResult:
    hits: tuple[OrganisationHit, ...] = ()
    if not scope.public:
        numbers = records_by_decision_no(scope, text, limit=offset + limit + 1)
        subjects = _organisations_of(numbers)
        hits = tuple(OrganisationHit(one, "决定文书号匹配") for one in summaries(scope, subjects))
    return _page(text, "decision_no", "按决定文书号匹配", hits, limit=limit, offset=offset)


def _organisations_of(record_nos: Sequence[int]) -> list[int]:
    subjects = list(Record.objects.filter(record_no__in=record_nos, known_to=None).values_list("subject_no", flat=True))
    linked = dict(
        SubjectLink.objects.filter(number__in=subjects, known_to=None).values_list("number", "organisation_id")
    )
    return list(dict.fromkeys(linked.get(subject, subject) for subject in subjects))


def _by_words(scope: Scope, text: str, understood: Understood, *, limit: int, offset: int) -> SearchResult:
    key = understood.text
    if understood.meaning is Meaning.INITIALS:
        found = by_initials(scope, key, limit=limit, offset=offset)
        kind: Kind = "initials"
    else:
        found = by_name(scope, key, limit=limit, offset=offset)
        kind = "name"
    if found.hits:
        return SearchResult(
            text=text,
            understood_as=_words_for(kind, found),
            kind=kind,
            hits=tuple(OrganisationHit(hit.organisation, _matched(kind, key, hit)) for hit in found.hits),
            similar=_similar(scope, key, found) if kind == "name" and offset == 0 else (),
            more=found.more,
        )
    if kind == "initials" or offset > 0:
        return _empty(text, "nothing", "没有找到名称中含有这些内容的单位")
    return _by_near_names(scope, text, key, limit=limit)


def _similar(scope: Scope, key: str, found: NameHits) -> tuple[OrganisationHit, ...]:
    if len(found.hits) > FEW or len(key) < SHORTEST_WITH_TYPO:
        return ()
    shown = {hit.organisation.id for hit in found.hits}
    near = by_one_typo(scope, key, limit=SIMILAR + FEW, thorough=False)
    others = [hit for hit in near if hit.organisation.id not in shown]
    return tuple(OrganisationHit(hit.organisation, "名称只差一个字") for hit in others[:SIMILAR])


def _by_near_names(scope: Scope, text: str, key: str, *, limit: int) -> SearchResult:
    if len(key) >= SHORTEST_WITH_TYPO:
        near = by_one_typo(scope, key, limit=limit + 1)
        if near:
            hits = tuple(OrganisationHit(hit.organisation, "名称只差一个字") for hit in near[:limit])
            return SearchResult(text, "没有完全一致的名称，按差一个字匹配", "typo", hits, (), more=False)
        similar = tuple(OrganisationHit(hit.organisation, "名称部分相同") for hit in alike(scope, key, limit=SIMILAR))
        return SearchResult(text, "没有找到名称中含有这些字的单位", "nothing", (), similar, more=False)
    return _empty(text, "nothing", "没有找到名称中含有这些字的单位")


def _words_for(kind: Kind, found: NameHits) -> str:
    if found.common:
        return "含有这些内容的单位很多，先列出一部分，请再多输入几个字"
    return "按拼音首字母匹配" if kind == "initials" else "按名称片段匹配"


def _matched(kind: Kind, key: str, hit: NameHit) -> str:
    if hit.former_name:
        return f"曾用名匹配：{hit.former_name}"
    if kind == "initials":
        return "拼音首字母匹配"
    if hit.key == key:
        return "名称完全一致"
    return "名称开头一致" if hit.key.startswith(key) else "名称中含有"


def _page(
    text: str, kind: Kind, words: str, hits: tuple[OrganisationHit, ...], *, limit: int, offset: int
) -> SearchResult:
    shown = hits[offset : offset + limit]
    return SearchResult(text, words, kind, shown, (), more=len(hits) > offset + limit)


def _refused() -> SearchResult:
    return _empty("", "refused", "像是公民身份号码，未用于查询")


def _empty(text: str, kind: Kind, words: str) -> SearchResult:
    return SearchResult(text, words, kind, (), (), more=False)
