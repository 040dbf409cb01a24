"""Who is asking, and how far she sees: from an account or a program's secret to a scope."""

from dataclasses import dataclass
from datetime import datetime

from xinheng.audit.actor import Actor
from xinheng.base.scope import Scope
from xinheng.people.client_keys import Verdict, judge, note_use
from xinheng.people.models import ApiClient, User
from xinheng.people.permissions import REGION_WIDE


@dataclass(frozen=True)
class ClientSummary:
    """A department's program; never its secret."""

    id: int
    name: str
    prefix: str
    department_id: int
    department_name: str
    region_code: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None
    networks: tuple[str, ...] = ()
    expires_at: datetime | None = None
    previous_until: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """The program as the audit log names it."""
        return Actor.client(self.prefix, self.name)

    @property
    def scope(self) -> Scope:
        """What the program may see: its own department's data."""
        return Scope(region=self.region_code, departments=frozenset({self.department_id}))


def scope_of(user: User) -> Scope:
    """How far an officer sees: her region with a region-wide role, else her own department."""
    if REGION_WIDE & user.roles:
        return Scope(region=user.region.code)
    return Scope(region=user.region.code, departments=frozenset({user.department_id}))


def authenticate_client(token: str, *, address: str, now: datetime) -> ClientSummary | Verdict | None:
    """The program behind `prefix.secret`; None when it is unknown, wrong or ended.

    A right secret that expired or comes from an address it may not be used from learns so.
    """
    prefix, _, secret = token.partition(".")
    client = (
        ApiClient.objects.select_related("department__region")
        .filter(prefix=prefix, revoked_at=None, department__is_active=True)
        .first()
    )
    verdict = judge(client, secret, address=address, now=now)
    if client is None or verdict is Verdict.WRONG:
        return None
    if verdict is not Verdict.HOLDS:
        return verdict
    note_use(client, now)
    return client_summary(client)


def client_summary(row: ApiClient) -> ClientSummary:
    """What others may know of a program."""
    return ClientSummary(
        id=row.pk,
        name=row.name,
        prefix=row.prefix,
        department_id=row.department_id,
        department_name=row.department.name,
        region_code=row.department.region.code,
        scopes=frozenset(row.scopes),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        networks=tuple(row.networks),
        expires_at=row.expires_at,
        previous_until=row.previous_until,
        last_used_at=row.last_used_at,
    )
