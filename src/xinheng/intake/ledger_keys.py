"""What is known already of types that only the ledger keeps: the last statement of each key that this file names."""

from django.conf import settings

from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.ledger.models import Batch, DataFile, FileKind


def known_in_ledger(engine: Duck, contract: Contract, *, region_id: int) -> None:
    """Make `open_versions` as the register's answer would be, out of the ledger's own rows of the region.

    There is no record, so a version is numbered by its batch, and what was withdrawn and is stated again is simply
    stated: nothing of it ever was public.
    """
    paths = _files(contract, region_id)
    _note_senders(engine, contract, region_id)
    if not paths:
        engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE open_versions AS {_EMPTY}")
        return
    listed = ", ".join(f"'{path}'" for path in paths)
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE open_versions AS
        SELECT k.key_hash, k.content_hash, k.batch_no AS id, k.record_no, CAST(k.version AS INTEGER) AS version,
               k.statement = 'withdrawn' AS withdrawn, b.department_id,
               'open' AS gate, k.subject_no, NULL::VARCHAR AS first_received_at, 'none' AS link_method
        FROM (SELECT key_hash, content_hash, batch_no, record_no, version, statement, subject_no
              FROM read_parquet([{listed}]) r SEMI JOIN statements s ON r.key_hash = s.key_hash
              QUALIFY row_number() OVER (PARTITION BY key_hash ORDER BY batch_no DESC) = 1) k
        JOIN senders b USING (batch_no)
        """
    )


_EMPTY = (
    "SELECT NULL::UUID AS key_hash, NULL::UUID AS content_hash, NULL::BIGINT AS id, NULL::BIGINT AS record_no, "
    "NULL::INTEGER AS version, NULL::BOOLEAN AS withdrawn, NULL::BIGINT AS department_id, NULL::VARCHAR AS gate, "
    "NULL::BIGINT AS subject_no, NULL::VARCHAR AS first_received_at, NULL::VARCHAR AS link_method WHERE false"
)


def _files(contract: Contract, region_id: int) -> list[str]:
    found = DataFile.objects.filter(
        kind=FileKind.ACCEPTED, region=region_id, type=contract.key, visible_until=None
    ).order_by("pk")
    return [str(settings.HOME.root / path) for path in found.values_list("path", flat=True)]


def _note_senders(engine: Duck, contract: Contract, region_id: int) -> None:
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE senders (batch_no BIGINT, department_id BIGINT)")
    batches = Batch.objects.filter(type=contract.key, region=region_id).values_list("number", "department_id")
    engine.add("senders", [list(one) for one in batches])
