"""Who calls the check service: a group of programs' secrets judged with one select, by the rules of `people`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xinheng.audit.actor import Actor
from xinheng.checks.asking import Asker
from xinheng.people.client_keys import Verdict, judge, note_use
from xinheng.people.models import ApiClient

_WORDS = {Verdict.EXPIRED: "这个接口密钥已过有效期。", Verdict.ELSEWHERE: "这个接口密钥不能从这个地址使用。"}


@dataclass(frozen=True)
class Caller:
    """The asker behind a secret with its permissions, or why there is none."""

    asker: Asker | None
    scopes: frozenset[str] = frozenset()
    refusal: str = ""


def callers(secrets: Sequence[tuple[str, str]], *, now: datetime) -> list[Caller]:
    """The caller of each pair of secret and address, in order."""
    prefixes = {token.partition(".")[0] for token, _ in secrets}
    rows = ApiClient.objects.select_related("department__region").filter(
        prefix__in=prefixes, revoked_at=None, department__is_active=True
    )
    known = {row.prefix: row for row in rows}
    judged: dict[tuple[str, str], Caller] = {}
    for token, address in set(secrets):
        prefix, _, secret = token.partition(".")
        row = known.get(prefix)
        verdict = judge(row, secret, address=address, now=now)
        if row is None or verdict is not Verdict.HOLDS:
            judged[token, address] = Caller(None, refusal=_WORDS.get(verdict, ""))
            continue
        note_use(row, now)
        place = row.department
        asker = Asker(
            Actor.client(row.prefix, row.name), place.region_id, place.region.code, place.pk, place.code, place.name
        )
        judged[token, address] = Caller(asker, frozenset(row.scopes))
    return [judged[pair] for pair in secrets]
