"""Legal texts as packs write them: one YAML file per text, with its provisions and consultations."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

from xinheng.law.models import Level
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Place, RulebookError, Section, read_each
from xinheng.rulebook.rules import read_citation

LEVELS = tuple(Level.values)


@dataclass(frozen=True)
class ProvisionFile:
    """One article as a pack states it; dates left out are those of the text."""

    article: str
    title: str
    summary: str
    effective_from: date | None
    effective_to: date | None
    citation: str
    verified: bool
    transition: bool
    local_list_rule: bool


@dataclass(frozen=True)
class ConsultationFile:
    """A public consultation as a pack states it."""

    opened_on: date
    closed_on: date
    url: str
    citation: str


@dataclass(frozen=True)
class TextFile:
    """One legal text as a pack states it."""

    key: str
    title: str
    document_no: str
    document_no_verified: bool
    issuer: str
    level: str
    effective_from: date | None
    effective_to: date | None
    citation: str
    verified: bool
    reviewed_on: date | None
    note: str
    fictional: bool
    pack: str
    provisions: tuple[ProvisionFile, ...]
    consultations: tuple[ConsultationFile, ...]

    @property
    def digest(self) -> str:
        """Changes when anything that is shown or relied on changes; the date of review alone is no change."""
        facts = asdict(self) | {"reviewed_on": None}
        return hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()


def read_texts(pack: str) -> tuple[TextFile, ...]:
    """All legal texts of a pack and its parents, by key."""
    texts: dict[str, TextFile] = {}
    for file in load_pack(pack).files("law"):
        place = file.section.place
        text = _read_text(file.section, file.pack)
        if text.key != file.name:
            raise file.section.refuse("key", f"“key”应与文件同名：{file.name}。")
        if text.key in texts:
            raise RulebookError(place, f"法律文件“{text.key}”已由上级规则包登记，不能改写。")
        texts[text.key] = text
    return tuple(texts[key] for key in sorted(texts))


def _read_text(section: Section, pack: str) -> TextFile:
    citation, verified, reviewed_on = read_citation(section)
    begins, ends = section.optional_day("effective_from"), section.optional_day("effective_to")
    if verified and begins is None:
        raise section.refuse("verified", "已核实的文件必须写明施行日期 effective_from。")
    provisions = []
    for inner in section.sections("provisions"):
        provisions.append(_read_provision(inner, begins, ends, citation, verified))
        inner.done()
    _refuse_repeated(provisions, section.place)
    text = TextFile(
        key=section.text("key"),
        title=section.text("title"),
        document_no=section.text("document_no", ""),
        document_no_verified=section.flag("document_no_verified", verified),
        issuer=section.text("issuer"),
        level=section.choice("level", LEVELS),
        effective_from=begins,
        effective_to=ends,
        citation=citation,
        verified=verified,
        reviewed_on=reviewed_on,
        note=section.text("note", ""),
        fictional=section.flag("fictional", False),
        pack=pack,
        provisions=tuple(provisions),
        consultations=tuple(read_each(section.sections("consultations"), _read_consultation)),
    )
    section.done()
    return text


def _read_provision(
    section: Section, begins: date | None, ends: date | None, citation: str, text_verified: bool
) -> ProvisionFile:
    verified = section.flag("verified")
    if verified and not text_verified:
        raise section.refuse("verified", "文件本身尚未核实，条款不能写成已核实。")
    return ProvisionFile(
        article=section.text("article"),
        title=section.text("title"),
        summary=section.text("summary"),
        effective_from=section.optional_day("effective_from") or begins,
        effective_to=section.optional_day("effective_to") or ends,
        citation=section.text("citation", citation),
        verified=verified,
        transition=section.flag("transition", False),
        local_list_rule=section.flag("local_list_rule", False),
    )


def _refuse_repeated(provisions: list[ProvisionFile], place: Place) -> None:
    seen: set[str] = set()
    for provision in provisions:
        if provision.article in seen:
            raise RulebookError(place, f"条款“{provision.article}”重复。")
        seen.add(provision.article)


def _read_consultation(section: Section) -> ConsultationFile:
    return ConsultationFile(
        opened_on=section.day("opened_on"),
        closed_on=section.day("closed_on"),
        url=section.text("url"),
        citation=section.text("citation"),
    )
