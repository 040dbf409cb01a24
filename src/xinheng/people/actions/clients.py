"""Programs of departments that call the API."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.people.client_secrets import hash_secret
from xinheng.people.models import ApiClient, Department

CLIENT_SCOPES = frozenset({"read", "submit", "check"})


LONGEST_OVERLAP = timedelta(days=90)
"""How long the secret before may work beside a new one."""


@transaction.atomic
def create_api_client(
    *,
    name: str,
    department: Department,
    scopes: Iterable[str],
    by: Actor,
    now: datetime,
    networks: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiClient, str]:
    """Register a department's program. The secret is returned once and cannot be read again."""
    wanted = sorted(set(scopes))
    if not name.strip():
        raise Refused("请填写接口程序的名称。")
    if not wanted or not CLIENT_SCOPES.issuperset(wanted):
        raise Refused("请至少选择一项接口权限：read（查询）、submit（报送）或 check（信用核查）。")
    prefix = secrets.token_hex(6)
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name.strip(),
        department=department,
        prefix=prefix,
        secret_hash=hash_secret(secret),
        scopes=wanted,
        networks=_networks(networks),
        expires_at=_still_to_come(expires_at, now),
        created_by_id=by.officer_id,
        created_at=now,
    )
    _log_client("client.create", client, by, now)
    return client, f"{prefix}.{secret}"


@transaction.atomic
def rotate_api_client(*, client: ApiClient, overlap: timedelta, by: Actor, now: datetime) -> str:
    """A new secret, returned once. The present one goes on working for `overlap`; one before it ends at once."""
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Refused("原密钥继续有效的时间应在 90 天以内。")
    secret = secrets.token_urlsafe(32)
    row = _usable(client)
    row.previous_hash = row.secret_hash if overlap else ""
    row.previous_until = now + overlap if overlap else None
    row.secret_hash = hash_secret(secret)
    row.save(update_fields=["previous_hash", "previous_until", "secret_hash"])
    _log_client("client.rotate", row, by, now)
    return f"{row.prefix}.{secret}"


@transaction.atomic
def limit_api_client(
    *, client: ApiClient, networks: Iterable[str], expires_at: datetime | None, by: Actor, now: datetime
) -> ApiClient:
    """From where and until when a program may call; no networks means from anywhere."""
    row = _usable(client)
    row.networks, row.expires_at = _networks(networks), _still_to_come(expires_at, now)
    row.save(update_fields=["networks", "expires_at"])
    _log_client("client.update", row, by, now)
    return row


@transaction.atomic
def revoke_api_client(*, client: ApiClient, by: Actor, now: datetime) -> None:
    """End a program's access at once, with both its secrets."""
    changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(
        revoked_at=now, previous_hash="", previous_until=None
    )
    if not changed:
        raise Conflict("该接口程序已经停用。", "请刷新页面。")
    client.revoked_at = now
    _log_client("client.revoke", client, by, now)


def _usable(client: ApiClient) -> ApiClient:
    found = (
        ApiClient.objects.select_for_update(of=("self",))
        .select_related("department")
        .filter(pk=client.pk, revoked_at=None)
        .first()
    )
    if found is None:
        raise Conflict("该接口程序已经停用。", "请刷新页面。")
    return found


def _networks(texts: Iterable[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(str(ip_network(text.strip())))
        except ValueError as error:
            raise Refused(f"“{text.strip()[:50]}”不是地址或网段。", "写法例如 10.1.2.3 或 10.1.2.0/24。") from error
    return list(dict.fromkeys(found))


def _still_to_come(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is not None and moment <= now:
        raise Refused("有效期应晚于现在。")
    return moment


def _log_client(act: str, client: ApiClient, by: Actor, now: datetime) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=client.department.region_id,
        object_type="client",
        object_id=client.prefix,
        detail={
            "name": client.name,
            "department": client.department.code,
            "scopes": client.scopes,
            "networks": client.networks,
            "expires_at": client.expires_at.isoformat() if client.expires_at else None,
            "previous_until": client.previous_until.isoformat() if client.previous_until else None,
        },
    )
