"""Who in the register a typed name is: the best of all candidates, and whether it leads clearly enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xinheng.base.identifiers import credit_code, organisation_code, registration_number
from xinheng.matching.candidates import Found, KnownName, bearers, candidates, names_of
from xinheng.matching.matcher import Codes, Match, Reason, Verdict, compare_codes, match
from xinheng.matching.reading import Name, read_name
from xinheng.matching.vocabulary import Vocabulary
from xinheng.register.models import Identifier

SHOWN = 5
CREDIT_CODE = "credit_code"
_GENUINE = {
    "organisation_code": organisation_code.is_valid,
    "registration_no": registration_number.is_valid,
}

Numbers = Mapping[int, Mapping[str, frozenset[str]]]
"""The numbers that organisations bear now, by kind."""


@dataclass(frozen=True)
class Typed:
    """A name as a source wrote it, with the numbers it wrote beside it, as (kind, value)."""

    name: str
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An organisation that may be meant, by which of its names, and the verdict on the two names."""

    organisation_id: int
    name: str
    former: bool
    match: Match


@dataclass(frozen=True)
class Finding:
    """The verdict on a typed name, and the candidates it rests on, the best first."""

    verdict: Verdict
    candidates: tuple[Candidate, ...]
    why: str

    @property
    def best(self) -> Candidate | None:
        """The first candidate."""
        return self.candidates[0] if self.candidates else None


def numbers_in(code: str) -> tuple[tuple[str, str], ...]:
    """The number typed in the place of the code, by its form; empty where it is none of a kind we know."""
    found = credit_code.inspect(code)
    if found.genuine:
        return ((CREDIT_CODE, found.normalised),)
    if organisation_code.is_valid(found.normalised):
        return (("organisation_code", found.normalised),)
    return (("registration_no", found.normalised),) if registration_number.is_valid(found.normalised) else ()


def find(typed: Mapping[int, Typed], words: Vocabulary, *, visible: str = "true") -> dict[int, Finding]:
    """Who each typed name is, all names in a few statements. Writes nothing.

    A number of an organisation that is genuine and differs from one typed of the same kind is a veto.
    """
    names = {key: read_name(one.name, words) for key, one in typed.items()}
    found = candidates({key: name for key, name in names.items() if len(name.core) > 1}, visible=visible)
    found = _with_bearers(typed, found, visible)
    numbers = _numbers_of({one.organisation_id for each in found.values() for one in each.names})
    results: dict[int, Finding] = {}
    for key, one in typed.items():
        known = found.get(key, Found((), True))
        scored = [
            Candidate(each.organisation_id, each.name, each.former, _judged(one, names[key], each, numbers, words))
            for each in known.names
        ]
        results[key] = _decide(scored, words, complete=known.complete)
    return results


def _with_bearers(typed: Mapping[int, Typed], found: dict[int, Found], visible: str) -> dict[int, Found]:
    """Also who bears a typed number, however unlike the name."""
    values = {value for one in typed.values() for _, value in one.numbers}
    if not values:
        return found
    borne = bearers(values, visible=visible)
    names = names_of({number for numbers in borne.values() for number in numbers})
    result = dict(found)
    for key, one in typed.items():
        known = result.get(key, Found((), True))
        met = {each.organisation_id for each in known.names}
        others = sorted({number for _, value in one.numbers for number in borne.get(value, ())} - met)
        added = tuple(each for number in others for each in names[number])
        result[key] = Found((*known.names, *added), known.complete)
    return result


def _judged(typed: Typed, name: Name, known: KnownName, numbers: Numbers, words: Vocabulary) -> Match:
    codes = _codes(typed, numbers[known.organisation_id])
    found = match(name, read_name(known.name, words), words, codes=codes)
    if known.former:
        found = replace(found, reasons=(Reason("former", f"“{known.name}”是曾用名", 0), *found.reasons))
    return found


def _codes(typed: Typed, borne: Mapping[str, frozenset[str]]) -> Codes:
    """One number in common says the same; else one genuine number of a kind that the organisation bears otherwise."""
    said = [(kind, value) for kind, value in typed.numbers if borne.get(kind)]
    if any(value in borne[kind] for kind, value in said):
        return Codes.SAME
    for kind, value in said:
        if kind == CREDIT_CODE:
            ties = {compare_codes(value, other) for other in borne[kind]}
            if ties & {Codes.PART, Codes.OTHER}:
                return Codes.PART if Codes.PART in ties else Codes.OTHER
        elif kind in _GENUINE and _GENUINE[kind](value) and any(map(_GENUINE[kind], borne[kind])):
            return Codes.OTHER
    return Codes.UNKNOWN


def _decide(scored: Sequence[Candidate], words: Vocabulary, *, complete: bool) -> Finding:
    """One candidate an organisation, by its most alike name; what is surely another organisation is left out."""
    by_organisation: dict[int, Candidate] = {}
    for one in sorted(scored, key=lambda one: (-one.match.score, one.organisation_id, one.former, one.name)):
        by_organisation.setdefault(one.organisation_id, one)
    ordered = tuple(one for one in by_organisation.values() if one.match.verdict is not Verdict.DIFFERENT)[:SHOWN]
    if not ordered:
        return Finding(Verdict.DIFFERENT, (), "登记中没有相近的名称")
    best, rivals = ordered[0], ordered[1:]
    if best.match.verdict is not Verdict.SAME:
        return Finding(Verdict.UNSURE, ordered, "有相近的名称，须由人核对")
    if rivals and (
        rivals[0].match.verdict is Verdict.SAME
        or (best.match.score < words.points.clear and best.match.score - rivals[0].match.score < words.points.lead)
    ):
        return Finding(Verdict.UNSURE, ordered, "有不止一个单位的名称相近，须由人核对")
    if not complete and best.match.score < words.points.clear:
        return Finding(Verdict.UNSURE, ordered, "名称用字常见，没有看完所有相近的单位，须由人核对")
    return Finding(Verdict.SAME, ordered, f"名称比对得 {best.match.score} 分，没有相近的其他单位")


def _numbers_of(organisations: set[int]) -> Numbers:
    found: dict[int, dict[str, frozenset[str]]] = {number: {} for number in organisations}
    rows = Identifier.objects.filter(organisation_id__in=organisations, known_to=None)
    for number, kind, value in rows.values_list("organisation_id", "kind", "value"):
        found[number][kind] = found[number].get(kind, frozenset()) | {value}
    return found
