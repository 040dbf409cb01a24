"""Whether a program's secret holds: right, not ended, and used from where it may be."""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from xinheng.people.client_secrets import hash_secret
from xinheng.people.models import ApiClient

USED_EVERY = timedelta(minutes=1)
"""How exactly “last used” is kept, so that a call does not write each time."""


class Verdict(StrEnum):
    """What may be told to a caller whose secret is right."""

    HOLDS = "holds"
    WRONG = "wrong"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"


def judge(client: ApiClient | None, secret: str, *, address: str, now: datetime) -> Verdict:
    """Whether this secret opens this program from this address now. Only a right secret learns what is amiss."""
    given = hash_secret(secret)
    kept = client.secret_hash if client else ""
    before = client.previous_hash if client else ""
    present = hmac.compare_digest(given, kept)
    former = hmac.compare_digest(given, before)
    if client is None or not (present or former):
        return Verdict.WRONG
    ended = client.expires_at is not None and client.expires_at <= now
    if ended or (not present and client.previous_until is not None and client.previous_until <= now):
        return Verdict.EXPIRED
    if client.networks and not within(address, client.networks):
        return Verdict.ELSEWHERE
    return Verdict.HOLDS


def within(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; an unreadable one lies nowhere."""
    try:
        place = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(place, "ipv4_mapped", None) or place
    return any(mapped in ip_network(network) for network in networks)


def note_use(client: ApiClient, now: datetime) -> None:
    """Keep when the program called last."""
    if client.last_used_at is None or now - client.last_used_at >= USED_EVERY:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
