"""Looking many codes up: what was found about each, before it is written as JSON or as a line of a sheet."""

from collections.abc import Iterator, Sequence
from datetime import date
from json.encoder import encode_basestring as text
from typing import NamedTuple

from django.db import connection

from xinheng.base.errors import XinhengError
from xinheng.base.postgres.bulk import text_array
from xinheng.checks.answers import UNKNOWN, Answer, FoundRow, Reach, answer
from xinheng.checks.asking import PersonRefused, Question
from xinheng.checks.receipts import canonical
from xinheng.checks.writing import flag, members, written

_WARNED = f"[{text(UNKNOWN)}]"


class Looked(NamedTuple):
    """What was found about the code in one place; `found` only where something is in force, `code` only where asked."""

    place: int
    code: str = ""
    name: str = ""
    known: bool = False
    found: Answer | None = None
    refusal: XinhengError | None = None

    @property
    def entries(self) -> int:
        return len(self.found.entries) if self.found else 0

    @property
    def measures(self) -> int:
        return len(self.found.measures) if self.found else 0

    @property
    def hit(self) -> bool:
        return self.found is not None and self.found.hit

    @property
    def line(self) -> bytes:
        """The answer as canonical JSON: hashed, sent and verified as the same bytes."""
        if self.refusal:
            told = {"place": self.place, "refused": self.refusal.message, "advice": self.refusal.advice}
            return canonical(told)
        if self.found:
            return written({**members(self.found), "place": str(self.place)}).encode()
        # Most codes have nothing in force: what would be written for them is known.
        return (
            f'{{"code":"{self.code}","entries":[],"hit":false,"incentives":[],"known":{flag(self.known)},"measures":[],'
            f'"name":{text(self.name)},"place":{self.place},"warnings":{"[]" if self.known else _WARNED}}}'
        ).encode()


def look(asked: Sequence[Question | XinhengError], first: int, reached: Reach, day: date) -> Iterator[Looked]:
    """What is found about these codes with one select, the first of them at place `first`."""
    rows = iter(found_rows([one for one in asked if isinstance(one, Question)], day))
    for place, one in enumerate(asked, first):
        yield _looked(one, next(rows), place, reached) if isinstance(one, Question) else Looked(place, refusal=one)


def found_rows(questions: Sequence[Question], day: date) -> list[list[FoundRow]]:
    """The rows of `check_answer_v1` for each question."""
    if not questions:
        return []
    grouped: list[list[FoundRow]] = [[] for _ in questions]
    regions = ",".join(str(one.errand.asker.region_id) for one in questions)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM check_answer_v1(%s::text[], %s::bigint[], %s)",
            [text_array(one.code for one in questions), f"{{{regions}}}", day],
        )
        for row in cursor.fetchall():
            grouped[row[0] - 1].append(FoundRow._make(row))
    return grouped


def _looked(one: Question, rows: list[FoundRow], place: int, reached: Reach) -> Looked:
    first = rows[0]
    known = first.organisation_id is not None
    if one.ambiguous and not known:
        return Looked(place, refusal=PersonRefused())
    if first.effect_id is None:
        return Looked(place, one.code, first.name or "", known)
    found = answer(one, rows, names=frozenset(), executable=reached.executable)
    return Looked(place, one.code, found.name, known, found)
