"""What may be known about the keys without opening anything."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Min, Q

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.vault.actions.retention import due_keys
from xinheng.vault.keys import rotation_open
from xinheng.vault.models import DataKey, KeyKind, MasterKeyUse
from xinheng.vault.retention import FILES, Retention, retentions


@dataclass(frozen=True)
class KeysOfKind:
    """Data keys of one kind: how many live and since when the oldest does, how many were destroyed."""

    kind: str
    label: str
    alive: int
    oldest: datetime | None
    destroyed: int


@dataclass(frozen=True)
class RetentionLine:
    """A rule of retention, and how many records' keys it would destroy today."""

    rule: Retention
    due: int


@dataclass(frozen=True)
class VaultStatus:
    """The keys of this installation; no secret and no name is in it."""

    master_since: datetime | None
    master_changes: int
    rotation_interrupted: bool
    kinds: tuple[KeysOfKind, ...]
    retentions: tuple[RetentionLine, ...]


def status(scope: Scope, *, today: date) -> VaultStatus:
    """How many keys of each kind there are, how old, how many destroyed; and what retention would end today."""
    if scope.public:
        raise Refused("密钥的情况不对外公开。")
    home: Home = settings.HOME
    present = MasterKeyUse.objects.filter(until=None).first()
    return VaultStatus(
        master_since=present.since if present else None,
        master_changes=MasterKeyUse.objects.exclude(until=None).count(),
        rotation_interrupted=rotation_open(home),
        kinds=_kinds(),
        retentions=retention_lines(scope, today=today),
    )


def retention_lines(scope: Scope, *, today: date) -> tuple[RetentionLine, ...]:
    """Every rule of retention as of a day; one that nobody verified destroys nothing."""
    if scope.public:
        raise Refused("封存信息的情况不对外公开。")
    rules = retentions(settings.PACK, today)
    return tuple(
        RetentionLine(rule, 0 if rule.of == FILES else len(due_keys([rule], today))) for rule in rules.values()
    )


def _kinds() -> tuple[KeysOfKind, ...]:
    counted = {
        row["kind"]: row
        for row in DataKey.objects.values("kind").annotate(
            alive=Count("pk", filter=Q(destroyed_at=None)),
            oldest=Min("created_at", filter=Q(destroyed_at=None)),
            destroyed=Count("pk", filter=Q(destroyed_at__isnull=False)),
        )
    }
    return tuple(
        KeysOfKind(kind.value, str(kind.label), row["alive"], row["oldest"], row["destroyed"])
        if (row := counted.get(kind.value))
        else KeysOfKind(kind.value, str(kind.label), 0, None, 0)
        for kind in KeyKind
    )
