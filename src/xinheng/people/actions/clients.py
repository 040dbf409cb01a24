"""Programs of departments that call the API."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.people.client_secrets import hash_secret
from xinheng.people.models import ApiClient, Department

CLIENT_SCOPES = frozenset({"read", "submit"})


@transaction.atomic
def create_api_client(
    *, name: str, department: Department, scopes: Iterable[str], by: Actor, now: datetime
) -> tuple[ApiClient, str]:
    """Register a department's program. The secret is returned once and cannot be read again."""
    wanted = sorted(set(scopes))
    if not name.strip():
        raise Refused("请填写接口程序的名称。")
    if not wanted or not CLIENT_SCOPES.issuperset(wanted):
        raise Refused("请至少选择一项接口权限：read（查询）或 submit（报送）。")
    prefix = secrets.token_hex(6)
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name.strip(),
        department=department,
        prefix=prefix,
        secret_hash=hash_secret(secret),
        scopes=wanted,
        created_by_id=by.officer_id,
        created_at=now,
    )
    _log_client("client.create", client, by, now)
    return client, f"{prefix}.{secret}"


@transaction.atomic
def revoke_api_client(*, client: ApiClient, by: Actor, now: datetime) -> None:
    """End a program's access at once."""
    if not ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=now):
        raise Conflict("该接口程序已经停用。", "请刷新页面。")
    client.revoked_at = now
    _log_client("client.revoke", client, by, now)


def _log_client(act: str, client: ApiClient, by: Actor, now: datetime) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=client.department.region_id,
        object_type="client",
        object_id=client.prefix,
        detail={"name": client.name, "department": client.department.code, "scopes": client.scopes},
    )
