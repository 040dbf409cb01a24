"""Who calls the check service: a group of programs' secrets judged with one select, by the rules of `people`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

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


# Written out, since composing it anew for every group took longer than asking it.
_KEPT = ("id", "name", "prefix", "secret_hash", "previous_hash", "previous_until", "scopes", "networks", "expires_at",
         "last_used_at")  # fmt: skip
"""In the order of the model's fields, as `from_db` takes them."""
_CLIENTS = f"""
SELECT {", ".join(f"c.{name}" for name in _KEPT)}, d.id, d.code, d.name, r.id, r.code
FROM people_apiclient c
JOIN people_department d ON d.id = c.department_id AND d.is_active
JOIN people_region r ON r.id = d.region_id
WHERE c.prefix = ANY(%s) AND c.revoked_at IS NULL
"""


def callers(secrets: Sequence[tuple[str, str]], *, now: datetime) -> list[Caller]:
    """The caller of each pair of secret and address, in order."""
    known = _clients({token.partition(".")[0] for token, _ in secrets})
    judged: dict[tuple[str, str], Caller] = {}
    for token, address in set(secrets):
        prefix, _, secret = token.partition(".")
        row, asker = known.get(prefix, (None, None))
        verdict = judge(row, secret, address=address, now=now)
        if row is None or verdict is not Verdict.HOLDS:
            judged[token, address] = Caller(None, refusal=_WORDS.get(verdict, ""))
            continue
        note_use(row, now)
        judged[token, address] = Caller(asker, frozenset(row.scopes))
    return [judged[pair] for pair in secrets]


def _clients(prefixes: set[str]) -> dict[str, tuple[ApiClient | None, Asker | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS, [list(prefixes)])
        rows = cursor.fetchall()
    found: dict[str, tuple[ApiClient | None, Asker | None]] = {}
    for row in rows:
        client = ApiClient.from_db(None, _KEPT, row[: len(_KEPT)])
        department, code, name, region, region_code = row[len(_KEPT) :]
        actor = Actor.client(client.prefix, client.name)
        found[client.prefix] = client, Asker(actor, region, region_code, department, code, name)
    return found
