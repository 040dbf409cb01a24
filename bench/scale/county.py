"""The large county before its mass records: all organisations registered, and all of them authorising everything.

Organisations come in as a file like any other. Authorisations are written to the table at once, since a million single
signatures are not what is measured; what reads them is the product's.
"""

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from bench.generate import ORGANISATION_HEADERS, engine
from bench.intake import take_in
from bench.scale.files import organisations_file
from bench.scale.size import TYPES, Size
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.texts import read_departments
from xinheng.intake.models import Delivery
from xinheng.ledger.queries import holdings
from xinheng.people.models import Department, User
from xinheng.site.setting_up import DEMO, prepare_home
from xinheng.vault.actions.keys import new_key
from xinheng.vault.models import KeyKind

PART_ROWS = 250_000
WORDING = "测速用的虚构授权"


def sender() -> Department:
    """The department all files come from."""
    return Department.objects.select_related("region").get(code=read_departments()["县市监局"].code)


def prepare(home: Home) -> None:
    """The demo county's departments and rules, without records."""
    prepare_home(home, pack=DEMO, now=clock.now())


def register_organisations(folder: Path, size: Size) -> dict[str, float]:
    """Take all organisations in; returns how many and in how many seconds."""
    source = organisations_file(folder, size)
    started = time.perf_counter()
    rows = 0
    for first in range(0, size.organisations, PART_ROWS):
        path = folder / f"organisations-{first}.csv"
        values = ("name", "code", "established_on", "'N/A'", "capital", "'演示省'", "'幻海市'")
        listed = ", ".join(f'{sql} AS "{header}"' for sql, header in zip(values, ORGANISATION_HEADERS, strict=True))
        engine().execute(
            f"COPY (SELECT {listed} FROM read_parquet('{source}') WHERE i >= {first} AND i < {first + PART_ROWS} "
            f"ORDER BY i) TO '{path}' (FORMAT csv, HEADER)"
        )
        rows += accepted(take_in(path, "organisation", sender()))
        path.unlink()
    return {"rows": rows, "seconds": time.perf_counter() - started}


def rows_held() -> int:
    """How many rows the ledger holds."""
    return sum(one.rows for one in holdings(Scope(region=sender().region.code)))


def accepted(delivery: Delivery) -> int:
    """How many rows of a delivery were accepted; a file that was refused ends the measurement."""
    if delivery.batch is None:
        raise SystemExit(f"{delivery.file_name}: {delivery.message}{delivery.advice}")
    return delivery.batch.accepted


def authorise_everything() -> None:
    """One authorisation of each organisation for all special types, for longer than any fact."""
    contracts = load_contracts(DEMO)
    classes = [name for name in TYPES if contracts[name].publicity == "authorised"]
    department, now = sender(), clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO authorisations_authorisation (region_id, credit_code, organisation_name, classes, grantee_id,
                purpose_code, purpose, starts, until, facts_from, signer_name, signer_title, wording, wording_sha256,
                key_id, registered_by_id, given_at, revoked_why)
            SELECT %s, credit_code, name, %s, %s, 'evaluation', %s, %s, %s, DATE '2015-01-01', '拟知远', '', %s,
                   repeat('0', 64), %s, %s, %s, ''
            FROM register_organisation WHERE credit_code <> ''
            """,
            [
                department.region_id, classes, department.pk, WORDING, clock.today(),
                clock.today() + timedelta(days=3650), WORDING, new_key(kind=KeyKind.BATCH, now=now),
                User.objects.order_by("pk").values_list("pk", flat=True)[0], now,
            ],
        )  # fmt: skip
        cursor.execute("ANALYZE authorisations_authorisation")
