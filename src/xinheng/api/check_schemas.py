"""The shapes of the credit check. Days are half-open nowhere here: `last_day` is the last day in force."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class CheckIn(Schema):
    """One code, for one item of business and one purpose."""

    model_config = {"extra": "forbid"}

    code: str = Field(max_length=100, description="统一社会信用代码；不受理公民身份号码")
    name: str = Field("", max_length=200, description="单位名称；与登记的名称不符时提示")
    item: str = Field(max_length=40, description="业务事项代码")
    case_no: str = Field("", max_length=100, description="办件编号")
    purpose: str = Field(max_length=30, description="用途代码")


class ChecksIn(Schema):
    """Many codes for one item of business and one purpose."""

    model_config = {"extra": "forbid"}

    codes: list[str] = Field(min_length=1, max_length=10_000, description="统一社会信用代码")
    item: str = Field(max_length=40, description="业务事项代码")
    case_no: str = Field("", max_length=100, description="办件编号")
    purpose: str = Field(max_length=30, description="用途代码")


class EntryOut(Schema):
    """One entry of a list that is in force; `last_day` None: until it is removed."""

    list_key: str
    list_title: str
    decision_no: str
    authority_name: str
    decided_on: date | None
    starts: date
    last_day: date | None
    removal_rule: str
    basis: list[str]
    mark: str
    record: str


class AnsweredMeasureOut(Schema):
    """One measure that belongs to the item: what to do, on which basis, until when."""

    key: str
    title: str
    list_key: str
    executing_body: str
    applies_to: str
    basis: list[str]
    starts: date
    last_day: date | None
    removal_rule: str
    record: str


class SourceOut(Schema):
    """One source of the answer; not fresh: nothing from it may be said to be absent."""

    key: str
    title: str
    department_name: str
    last_delivery: datetime | None
    fresh: bool


class Errand(Schema):
    """Who asked for what, as it stands in every receipt."""

    number: str
    issuer: str
    region: str
    asked_at: datetime
    day: date
    department: str
    item: str
    item_title: str
    case_no: str
    purpose: str
    sentence: str
    sources: list[SourceOut]
    receipt: str = Field(description="电子签名的回执（JWS，Ed25519），可离线核验")


class CheckOut(Errand):
    """The answer about one code."""

    code: str
    name: str
    known: bool
    hit: bool
    entries: list[EntryOut]
    measures: list[AnsweredMeasureOut]
    incentives: list[AnsweredMeasureOut]
    warnings: list[str]


class LineOut(Schema):
    """The answer about one of many codes; `refused` in its place says why there is none."""

    place: int
    code: str = ""
    name: str = ""
    known: bool = False
    hit: bool = False
    entries: list[EntryOut] = []
    measures: list[AnsweredMeasureOut] = []
    incentives: list[AnsweredMeasureOut] = []
    warnings: list[str] = []
    refused: str = ""
    advice: str = ""


class ChecksOut(Errand):
    """The answers in the order of the codes. The receipt signs `lines_digest`."""

    codes: int
    hits: int
    refused: int
    stale: bool
    lines_digest: str
    lines: list[LineOut]


class CheckFileOut(Schema):
    """Where a file of codes stands. `hits`, `sentence` and `receipt` are there when `state` is `done`."""

    id: UUID
    file_name: str
    item: str
    state: Literal["waiting", "running", "done", "failed", "ended"]
    codes: int
    progress: int = Field(description="已核查的代码数")
    hits: int | None
    refused: int
    sentence: str
    receipt: str = Field(description="电子签名的回执，签各行摘要的摘要（lines_digest）和全文件的摘要（file_digest）")
    message: str
    received_at: datetime
    ends_on: date = Field(description="这一天起结果清除")


class DoneIn(Schema):
    """What was done about one measure."""

    model_config = {"extra": "forbid"}

    measure: str = Field(max_length=60, description="措施的 key")
    outcome: Literal["applied", "not_applied"] = Field(description="applied 已采取；not_applied 未采取，须写原因")
    note: str = Field("", max_length=300)
    document_no: str = Field("", max_length=100, description="办理结果的文书号")


class FeedbackIn(Schema):
    """What was done about the measures of one answer."""

    model_config = {"extra": "forbid"}

    measures: list[DoneIn] = Field(min_length=1, max_length=100)


class FeedbackOut(Schema):
    """How many measures were noted."""

    number: str
    noted: int
