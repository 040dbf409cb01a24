"""Where a database is and who is asking; also the addresses an office writes into `XINHENG_DATABASE_URL`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xinheng.base.errors import Refused, TryLater, WrongUsage

OLDEST_VERSION = 15


@dataclass(frozen=True)
class DatabaseAddress:
    """One database as one role sees it. `options` are further libpq settings, such as `sslmode`."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    options: dict[str, str] = field(default_factory=dict)

    def conninfo(self) -> str:
        """The address as psycopg takes it; holds the password."""
        return make_conninfo(
            "",
            host=self.host,
            port=self.port,
            dbname=self.name,
            user=self.user,
            password=self.password,
            **self.options,
        )

    def environment(self) -> dict[str, str]:
        """The address as `pg_dump` and `psql` take it, so that no password stands on a command line."""
        named = {"PGHOST": self.host, "PGPORT": str(self.port), "PGDATABASE": self.name}
        return {**named, "PGUSER": self.user, "PGPASSWORD": self.password}

    def django(self) -> dict[str, Any]:
        """The address as an entry of Django's `DATABASES`."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": str(self.port),
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": dict(self.options),
        }


@dataclass(frozen=True)
class ServerAddress:
    """The embedded server: its socket folder, its port and the folder with the passwords of its roles."""

    host: str
    port: int
    superuser: str
    keys: Path

    def database(self, name: str, role: str | None = None) -> DatabaseAddress:
        """The address of a database for a role of this server (default: the superuser)."""
        user = role or self.superuser
        password = password_file(self.keys, user).read_text(encoding="ascii").strip()
        return DatabaseAddress(host=self.host, port=self.port, name=name, user=user, password=password)


def password_file(keys: Path, role: str) -> Path:
    """Where the password of a role of the embedded server is kept."""
    return keys / f"postgres-{role}.password"


def parse_database_url(url: str) -> DatabaseAddress:
    """Read `postgresql://user:password@host:port/name?sslmode=…`; WrongUsage says in words what is wrong.

    Nothing is connected to; see `require_usable`.
    """
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise WrongUsage(
            "XINHENG_DATABASE_URL 不是 PostgreSQL 地址。",
            "请写成 postgresql://用户:密码@主机:端口/数据库名，或者不设置它，改用自带的数据库。",
        )
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
        port = int(parts.pop("port", "5432"))
    except (psycopg.ProgrammingError, ValueError) as error:
        raise WrongUsage(
            "XINHENG_DATABASE_URL 读不懂。",
            "请检查端口是否为数字，密码中的 @ : / 等字符是否写成了 %40 这样的形式。",
        ) from error
    if "dbname" not in parts or "user" not in parts:
        raise WrongUsage(
            "XINHENG_DATABASE_URL 缺少用户名或数据库名。",
            "请写成 postgresql://用户:密码@主机:端口/数据库名。",
        )
    return DatabaseAddress(
        host=parts.pop("host", "localhost"),
        port=port,
        name=parts.pop("dbname"),
        user=parts.pop("user"),
        password=parts.pop("password", ""),
        options=parts,
    )


def require_usable(address: DatabaseAddress) -> int:
    """Connect once and return the server's major version; refuse in words what cannot work."""
    try:
        with psycopg.connect(address.conninfo(), connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        raise _connection_error(address, str(error)) from error
    if version < OLDEST_VERSION:
        raise Refused(
            f"数据库服务器是 PostgreSQL {version}，本系统需要 {OLDEST_VERSION} 或更高版本。",
            "请升级该服务器，或者不设置 XINHENG_DATABASE_URL，改用自带的数据库。",
        )
    if encoding != "UTF8":
        raise Refused(f"数据库的字符编码是 {encoding}，本系统需要 UTF8。", "请用 ENCODING 'UTF8' 新建一个数据库。")
    return version


def _connection_error(address: DatabaseAddress, reason: str) -> Refused | TryLater:
    where = f"{address.host}:{address.port}"
    if "password authentication failed" in reason or "no password supplied" in reason:
        return Refused(f"数据库服务器 {where} 不接受用户 {address.user} 的密码。", "请核对 XINHENG_DATABASE_URL。")
    if "does not exist" in reason and f'"{address.name}"' in reason:
        return Refused(f"数据库服务器 {where} 上没有名为 {address.name} 的数据库。", "请先建立它，或核对地址。")
    return TryLater(f"连不上数据库服务器 {where}。", "请确认它已启动，主机名、端口正确，且防火墙放行。")
