"""The numbers a batch needs, and the two forms its rows take: ledger files and versions for the register."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xinheng.base.clock import add_working_days
from xinheng.catalogue.contract import WITHDRAWAL_REASON, Contract
from xinheng.engines.duck import Duck
from xinheng.intake.columns import plain_fields
from xinheng.intake.comparing import AMENDED, NEW, RETURNED, UNCHANGED, WITHDRAWN_NOW
from xinheng.ledger.models import FileKind
from xinheng.ledger.writing import DataFolder
from xinheng.register.actions.batch import RECORD_COLUMNS
from xinheng.register.numbering import Sequence, allocate

PUBLICITY_DAYS = 7
"""Working days from decision to publicity: 发改办财金〔2018〕424号."""
ROW_GROUP = 10_240
LEAST_LIKENESS = 0.5
"""Names less alike than this under one code are not taken for a spelling; a person looks first."""


@dataclass(frozen=True)
class Placement:
    """The facts every row of a batch shares."""

    batch_no: int
    region_id: int
    department_id: int
    held: bool
    received_at: datetime
    received_on: date
    known_at: datetime


def place(engine: Duck, contract: Contract, placement: Placement) -> None:
    """Make `placed`: for each statement its version id, record number, version, subject, gate and timeliness."""
    written = f"outcome <> '{UNCHANGED}'"
    unheard = f"outcome IN ('{NEW}', '{RETURNED}') AND record_no IS NULL"
    new = int(engine.one(f"SELECT count(*) FROM outcomes WHERE {unheard}")[0])
    versions = int(engine.one(f"SELECT count(*) FROM outcomes WHERE {written}")[0])
    first_record = allocate(Sequence.RECORD_NO, new) if new and contract.register else 0
    first_version = allocate(Sequence.VERSION_ID, versions) if versions and contract.register else 0
    _deadlines(engine, contract)
    publishes = bool(contract.publication_rule)
    open_gate = "held" if placement.held and publishes else "open"
    unlike = f"(l.differs AND l.likeness < {LEAST_LIKENESS})" if publishes else "false"
    unresolved = "l.method = 'none' AND o.old_subject_no IS NULL"
    decided = f's."{contract.roles.decided_on}"' if contract.roles.decided_on else "NULL::DATE"
    first_day = f"coalesce(CAST(left(o.first_received_at, 10) AS DATE), DATE '{placement.received_on}')"
    _likeness(engine)
    engine.raw.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT o.row_no, o.outcome, {_settled("o.old_subject_no", "l.subject_no")} AS subject_no,
               {_settled("known.link_method", "l.method")} AS method, l.candidates, l.differs, o.old_id,
               CASE WHEN {written} THEN {first_version} - 1 +
                    sum(CASE WHEN {written} THEN 1 ELSE 0 END) OVER (ORDER BY o.row_no) END AS id,
               coalesce(o.record_no, {first_record} - 1 +
                    sum(CASE WHEN o.record_no IS NULL THEN 1 ELSE 0 END) OVER (ORDER BY o.row_no)) AS record_no,
               o.version,
               CASE WHEN o.outcome = '{RETURNED}' THEN 'returned'
                    WHEN ({unresolved}) OR {unlike} THEN 'unlinked' ELSE '{open_gate}' END AS gate,
               coalesce(o.first_received_at, '{placement.received_at.isoformat()}') AS first_received_at,
               {decided} IS NOT NULL AS dated,
               CASE WHEN {decided} IS NULL THEN NULL ELSE {first_day} <= d.deadline END AS timely
        FROM outcomes o JOIN statements s USING (row_no) JOIN links l USING (row_no)
        LEFT JOIN deadlines d ON d.decided_on = {decided}
        LEFT JOIN open_versions known ON known.key_hash = s.key_hash
        """
    )


def _settled(known: str, found: str) -> str:
    """SQL: what was settled for this record before, where the row itself says nothing better."""
    return f"CASE WHEN l.method = 'none' AND o.old_subject_no IS NOT NULL THEN {known} ELSE {found} END"


def _deadlines(engine: Duck, contract: Contract) -> None:
    engine.raw.execute("CREATE OR REPLACE TEMP TABLE deadlines (decided_on DATE, deadline DATE)")
    # Special information is not published, so no day is too late for it.
    if not contract.roles.decided_on or contract.publicity == "authorised":
        return
    days = engine.rows(f'SELECT DISTINCT "{contract.roles.decided_on}" FROM statements')
    deadlines = [[day, add_working_days(day, PUBLICITY_DAYS).day] for (day,) in days if day]
    engine.add("deadlines", deadlines)


def _likeness(engine: Duck) -> None:
    """How alike the delivered name and the nearest registered name are, 0 to 1, where they differ at all."""
    engine.raw.execute("ALTER TABLE links ADD COLUMN likeness DOUBLE DEFAULT 1")
    engine.raw.execute(
        """
        UPDATE links SET likeness = near.likeness FROM (
            SELECT l.row_no, max(1 - levenshtein(l.name_key, known.name_key)
                                 / greatest(length(l.name_key), length(known.name_key), 1)) AS likeness
            FROM links l JOIN (SELECT subject_no, unnest(string_split(name_keys, chr(31))) AS name_key
                               FROM known_numbers) known USING (subject_no)
            WHERE l.differs GROUP BY 1) near
        WHERE links.row_no = near.row_no
        """
    )


def write_accepted(engine: Duck, contract: Contract, placement: Placement, folder: DataFolder) -> None:
    """Write the ledger's file of what is stated in this batch, near each other what is about one subject."""
    path = folder.place("accepted.parquet")
    fields = ", ".join(f's."{field.name}"' for field in plain_fields(contract))
    decided = f', s."{contract.roles.decided_on}" DESC' if contract.roles.decided_on else ""
    rows = engine.write(
        f"SELECT {placement.batch_no} AS batch_no, p.row_no, '{contract.key}' AS type, p.subject_no, "
        f"p.outcome AS statement, p.record_no, p.version, s.key_hash AS key_hash, "
        f"s.content_hash AS content_hash, {fields} "
        f"FROM placed p JOIN statements s USING (row_no) WHERE p.outcome <> '{UNCHANGED}' "
        f"ORDER BY p.subject_no{decided}",
        path,
        row_group=ROW_GROUP,
    )
    if rows:
        first, last = engine.one(f"SELECT min(subject_no), max(subject_no) FROM placed WHERE outcome <> '{UNCHANGED}'")
        folder.add(FileKind.ACCEPTED, path, rows, subjects=(first, last))
    else:
        path.unlink()
    _write_unchanged(engine, placement, folder)


def _write_unchanged(engine: Duck, placement: Placement, folder: DataFolder) -> None:
    if not engine.one(f"SELECT count(*) FROM placed WHERE outcome = '{UNCHANGED}'")[0]:
        return
    path = folder.place("unchanged.parquet")
    rows = engine.write(
        f"SELECT {placement.batch_no} AS batch_no, row_no, record_no FROM placed "
        f"WHERE outcome = '{UNCHANGED}' ORDER BY row_no",
        path,
    )
    folder.add(FileKind.UNCHANGED, path, rows)


def register_files(engine: Duck, contract: Contract, placement: Placement, tmp: Path) -> tuple[Path, Path, Path]:
    """CSV files for the register: new versions, ids of versions they close, and questions for people."""
    versions, closing, reviews = tmp / "versions.csv", tmp / "closing.csv", tmp / "reviews.csv"
    columns = _record_columns(contract, placement)
    listed = ", ".join(f"{columns[name]} AS {name}" for name in RECORD_COLUMNS)
    _csv(engine, f"SELECT {listed} FROM placed p JOIN statements s USING (row_no) WHERE p.id IS NOT NULL", versions)
    _csv(engine, "SELECT old_id FROM placed WHERE id IS NOT NULL AND old_id IS NOT NULL", closing)
    shared = (
        f"{placement.region_id}, {placement.department_id}, record_no, {placement.batch_no}, row_no, reason, "
        f"candidates, '{placement.known_at.isoformat()}', '', ''"
    )
    _csv(engine, f"SELECT kind, {shared} FROM ({_questions(contract)})", reviews)
    return versions, closing, reviews


def _questions(contract: Contract) -> str:
    publishes = "true" if contract.publication_rule else "false"
    return f"""
        SELECT 'returned' AS kind, record_no, row_no, '{{}}' AS candidates,
               '该文书曾被撤回，或与已撤回的文书只差个别字，再次报送须审核后才能公示。' AS reason
        FROM placed WHERE gate = 'returned'
        UNION ALL
        SELECT 'name', record_no, row_no, '{{' || subject_no || '}}',
               '报送的名称与该代码的登记名称相差较大，请核对主体。' FROM placed
        WHERE gate = 'unlinked' AND method <> 'none'
        UNION ALL
        SELECT 'link', record_no, row_no, '{{' || candidates || '}}',
               CASE WHEN candidates = '' THEN '没有可用的代码，按名称也找不到登记主体。'
                    ELSE '没有可用的代码，有多个同名主体。' END
        FROM placed WHERE method = 'none' AND gate <> 'returned' AND {publishes}
        """


def _record_columns(contract: Contract, placement: Placement) -> dict[str, str]:
    roles = contract.roles
    moment = f"'{placement.known_at.isoformat()}'"
    return {
        "id": "p.id",
        "record_no": "p.record_no",
        "version": "p.version",
        "region_id": str(placement.region_id),
        "department_id": str(placement.department_id),
        "type": f"'{contract.key}'",
        "key_hash": "s.key_hash",
        "content_hash": "s.content_hash",
        "subject_no": "p.subject_no",
        "subject_name": _text(roles.subject_name, 300),
        "subject_code": _text(roles.subject_code, 50),
        "link_method": "p.method",
        "gate": "p.gate",
        "withdrawn": f"(p.outcome = '{WITHDRAWN_NOW}')",
        "withdrawal_reason": _withdrawal_reason(contract),
        "decision_no": _text(roles.decision_no, 256),
        "title": _text(roles.title, 500),
        "decided_on": _date(roles.decided_on),
        "valid_from": _date(roles.valid_from),
        "valid_to": _last_day(contract),
        "removed_on": _date(roles.removed_on),
        "authority_name": _text(roles.authority_name, 200),
        "authority_code": _text(roles.authority_code, 18),
        "penalty_categories": _text(roles.penalty_categories, 300),
        "procedure": _text(roles.procedure, 20),
        "severity": _text(roles.severity, 20),
        "list_key": _text(roles.list_key, 40),
        "amount_fen": _number(roles.amount_wan),
        "confiscated_fen": _number(roles.confiscated_wan),
        "timely": "p.timely",
        "content": _content(contract),
        "batch_no": str(placement.batch_no),
        "row_no": "p.row_no",
        "first_received_at": "p.first_received_at",
        "known_from": moment,
        "known_to": "NULL",
    }


def _withdrawal_reason(contract: Contract) -> str:
    if WITHDRAWAL_REASON not in contract.names:
        return "''"
    stated = f"left(coalesce(s.\"{WITHDRAWAL_REASON}\", ''), 200)"
    return f"CASE WHEN p.outcome = '{WITHDRAWN_NOW}' THEN {stated} ELSE '' END"


def _text(name: str, length: int) -> str:
    return f"left(coalesce(s.\"{name}\", ''), {length})" if name else "''"


def _date(name: str) -> str:
    return f's."{name}"' if name else "NULL"


def _last_day(contract: Contract) -> str:
    """The last day on which it holds: an entry that was removed holds until the day before, whatever was planned."""
    roles = contract.roles
    if not roles.removed_on or roles.removed_on == roles.valid_to:
        return _date(roles.valid_to)
    return f"least({_date(roles.valid_to)}, {_date(roles.removed_on)} - 1)"


def _number(name: str) -> str:
    return f's."{name}"' if name else "NULL"


def _content(contract: Contract) -> str:
    published = [contract.field(name) for name in contract.published_names]
    if not published:
        return "'{}'"
    pairs = ", ".join(f"""'"{field.name}":' || CAST(to_json(s."{field.name}") AS VARCHAR)""" for field in published)
    # What is NULL has no JSON and falls out.
    return f"'{{' || concat_ws(',', {pairs}) || '}}'"


def _csv(engine: Duck, select: str, path: Path) -> None:
    engine.raw.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER false, NULLSTR '\\N')")


def outcome_counts(engine: Duck) -> dict[str, int]:
    """How many statements came to which outcome, and how many of them were timely, late and linked."""
    counts = dict.fromkeys((NEW, AMENDED, UNCHANGED, WITHDRAWN_NOW, RETURNED), 0)
    found = engine.rows("SELECT outcome, count(*) FROM placed GROUP BY 1")
    counts.update({str(name): int(count) for name, count in found})
    timely, late, linked = engine.one(
        f"SELECT count(*) FILTER (timely), count(*) FILTER (NOT timely), count(*) FILTER (method <> 'none') "
        f"FROM placed WHERE outcome <> '{UNCHANGED}'"
    )
    return counts | {"timely": int(timely), "late": int(late), "linked": int(linked)}
