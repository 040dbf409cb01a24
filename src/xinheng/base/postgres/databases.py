"""Databases and roles on the embedded server."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from xinheng.base.postgres.address import DatabaseAddress, ServerAddress
from xinheng.base.postgres.cluster import write_password

OWNER = "xinheng_owner"
APP = "xinheng_app"
_SETUP_LOCK = 0x78696E  # any number; it keeps two processes from setting up roles at once


@dataclass(frozen=True)
class DatabaseAccess:
    """One database for its two roles: migrations run as `owner`, everything else as `app`."""

    owner: DatabaseAddress
    app: DatabaseAddress


def ensure_database(
    address: ServerAddress, name: str, owner: str = OWNER, app: str = APP, *, template: str = "template0"
) -> DatabaseAccess:
    """Make the roles and the database where missing, and return how each role reaches it.

    `owner` owns the database and may make further ones on this private server (the tests do); `app` may read
    and write rows of whatever `owner` creates in the schema `public`, and create nothing. With `template` a
    new database is a copy of an existing one.
    """
    with psycopg.connect(address.database("postgres").conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_SETUP_LOCK])
        _ensure_role(connection, address, owner, "CREATEDB")
        _ensure_role(connection, address, app, "NOCREATEDB")
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)
                )
            )
        # Repeated on every call: a process may have been killed between the creation and these.
        for statement in (
            "REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC",
            "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}",
        ):
            connection.execute(sql.SQL(statement).format(name=sql.Identifier(name), app=sql.Identifier(app)))
        _grant_rows(address, name, owner, app)
    return DatabaseAccess(owner=address.database(name, owner), app=address.database(name, app))


def drop_database(address: ServerAddress, name: str) -> None:
    """Delete a database if it exists, ending its connections."""
    with psycopg.connect(address.database("postgres").conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], address: ServerAddress, role: str, attribute: str
) -> None:
    # The verifier is computed here, so that the password itself never travels in a statement.
    password = write_password(address.keys, role)
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION {} PASSWORD {}").format(
            sql.SQL("CREATE" if known is None else "ALTER"),
            sql.Identifier(role),
            sql.SQL(attribute),
            sql.Literal(verifier),
        )
    )


def _grant_rows(address: ServerAddress, name: str, owner: str, app: str) -> None:
    statements = (
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    )
    names = {"owner": sql.Identifier(owner), "app": sql.Identifier(app)}
    with psycopg.connect(address.database(name).conninfo(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**names))
