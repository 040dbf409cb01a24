"""The shapes the API answers with. Field names are stable; texts are ready to be shown."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class OrganisationOut(Schema):
    """An organisation in short. `ref` is its word in addresses."""

    ref: str
    name: str
    credit_code: str
    kind: str
    kind_label: str
    status: str
    status_label: str
    registered: bool
    established_on: date | None
    place: str


class HitOut(Schema):
    """An organisation found, and in words what of it matched."""

    organisation: OrganisationOut
    matched: str


class ProvenanceOut(Schema):
    """The file and row a statement comes from."""

    file_name: str
    row_no: int
    batch_no: int
    received_at: datetime
    department_name: str


class LabelledOut(Schema):
    """One field as it is shown."""

    label: str
    value: str


class BasisOut(Schema):
    """A provision an effect rests on."""

    text_key: str
    text_title: str
    document_no: str
    article: str
    role: str


class RecordOut(Schema):
    """A record that is public today. `last_day` is the last day it is; None while it stays until removal.

    `declared`: the organisation said it of itself and the department verified it; it rests on no decision.
    """

    ref: str
    type: str
    act: str
    declared: bool
    title: str
    subject_name: str
    organisation_ref: str
    decision_no: str
    decided_on: date | None
    authority_name: str
    department_name: str
    starts: date
    last_day: date | None
    removal_rule: str
    severity: str
    severity_set_by: str
    basis: list[BasisOut]
    fields: list[LabelledOut]
    mark: str
    provenance: ProvenanceOut


class SearchOut(Schema):
    """`kind` says how the text was understood; `records` are those with the document number searched for."""

    text: str
    kind: str
    understood_as: str
    hits: list[HitOut]
    similar: list[HitOut]
    records: list[RecordOut]
    next_cursor: str


class IdentityOut(Schema):
    """What is registered about an organisation; never its legal representative."""

    organisation: OrganisationOut
    former_names: list[str]
    registration: list[LabelledOut]
    source: ProvenanceOut | None


class RecordsOut(Schema):
    """One page of records."""

    records: list[RecordOut]
    next_cursor: str


class TypeOut(Schema):
    """One record type of the catalogue."""

    key: str
    title: str
    act: str
    edition: str
    item_number: str
    item_title: str
    publicity: str
    publication: str
    update_cycle: str
    service_level: str
    supplier: str
    citation: str
    verified: bool
    valid_since: date
    note: str


class FieldOut(Schema):
    """One field of a record type, with the provision that allows it."""

    number: int
    name: str
    label: str
    code: str
    aliases: list[str]
    type: str
    length: str
    required: str
    values: str
    description: str
    example: str
    published: bool
    personal: bool
    item_title: str
    basis: str
    basis_verified: bool


class TypePageOut(Schema):
    """A record type with all its fields."""

    entry: TypeOut
    key_fields: str
    persons: str
    fields: list[FieldOut]


class DeliveryOut(Schema):
    """Where a delivered file stands; `batch_no` is given once there is a receipt."""

    id: UUID
    type: str
    title: str
    department_name: str
    file_name: str
    state: str
    percent: int
    stage: str
    message: str
    advice: str
    received_at: datetime
    batch_no: int | None


class DeliveriesOut(Schema):
    """The deliveries a file became: one, or one for each member of a ZIP."""

    deliveries: list[DeliveryOut]


class BatchOut(Schema):
    """A batch and how its rows ended."""

    number: int
    type: str
    department_name: str
    channel: str
    file_name: str
    sha256: str
    received_at: datetime
    known_at: datetime
    rows: int
    accepted: int
    amended: int
    unchanged: int
    withdrawn: int
    rejected: int
    warnings: int
    errors_total: int
    timely: int
    late: int
    held: bool
    released_at: datetime | None


class BatchesOut(Schema):
    """One page of batches, newest first."""

    batches: list[BatchOut]
    next_cursor: str


class GroupOut(Schema):
    """One kind of problem in a batch."""

    code: str
    column: str
    label: str
    level: str
    message: str
    advice: str
    count: int
    first_row: int


class FindingOut(Schema):
    """One problem in one cell; `value` is masked."""

    row: int
    column: str
    label: str
    code: str
    level: str
    message: str
    advice: str
    value: str


class ReceiptOut(Schema):
    """The receipt of a batch with its problems by kind; single ones are read page by page."""

    batch: BatchOut
    title: str
    groups: list[GroupOut]


class FindingsOut(Schema):
    """One page of single problems, by row."""

    findings: list[FindingOut]
    next_cursor: str


class ChangeOut(Schema):
    """One change of a record version: `appeared` can be read, `suspended` and `ended` must no longer be used."""

    kind: Literal["appeared", "suspended", "ended"]
    record: str
    version: int
    at: datetime


class FeedOut(Schema):
    """Changes, oldest first. Go on with `since=timepoint`; `newest` is the end of the feed."""

    changes: list[ChangeOut]
    timepoint: str
    newest: str
    more: bool


class RetractionOut(Schema):
    """A record version to remove, to put right, or to use again; neither what it says nor why."""

    id: str
    kind: Literal["remove", "put_right", "public_again"] = Field(
        description="remove 停用；put_right 自始不当，停用并纠正已采取的措施；public_again 恢复公示，可以再读取"
    )
    record: str
    version: int
    written_at: datetime
    due_on: date
    confirmed_at: datetime | None


class RetractionsOut(Schema):
    """One page of a program's retractions, oldest first."""

    retractions: list[RetractionOut]
    next_cursor: str


class AcknowledgementIn(Schema):
    """The version the program removed."""

    model_config = {"extra": "forbid"}

    version: int = Field(ge=1, le=2**31 - 1, description="本方停用的版本")


class NamedAcknowledgement(Schema):
    """One of several acknowledgements."""

    model_config = {"extra": "forbid"}

    id: str = Field(min_length=1, max_length=64, pattern=r"^[0-9a-z]+$", description="撤回通知的编号")
    version: int = Field(ge=1, le=2**31 - 1, description="本方停用的版本")


class AcknowledgementsIn(Schema):
    """Up to 500 acknowledgements in one call."""

    model_config = {"extra": "forbid"}

    acknowledgements: list[NamedAcknowledgement] = Field(min_length=1, max_length=500)


class AnsweredAcknowledgement(Schema):
    """What became of one of them."""

    id: str
    result: Literal["confirmed", "already_confirmed", "wrong_version", "unknown"]
    detail: str


class AcknowledgementsOut(Schema):
    """The answer to each, in the order given."""

    answers: list[AnsweredAcknowledgement]
    confirmed: int


class BasisLineOut(Schema):
    """One cited article; `note` says why it cannot be relied on today, empty when it can."""

    reference: str
    shown: str
    reliable: bool
    note: str


class MeasureOut(Schema):
    """One measure, and whether it may be carried out today; `reasons` say why not."""

    edition: str
    edition_title: str
    key: str
    measure_class: str
    title: str
    text: str
    objects: str
    object_kind: str
    basis: list[BasisLineOut]
    basis_text: str
    executing_body: str
    departments: list[str]
    lists: list[str]
    max_months: int
    fair_competition: str
    executable: bool
    reasons: list[str]
    citation: str
    verified: bool


class ListOut(Schema):
    """One list: by which law it exists, who decides it, when an entry ends."""

    key: str
    title: str
    kind: str
    level: str
    basis: list[BasisLineOut]
    basis_text: str
    deciding_body: str
    criteria: str
    term: str
    early_removal: str
    named_persons: str
    correction: str
    record_type: str
    record_value: str
    citation: str
    verified: bool
