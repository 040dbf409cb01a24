"""Offering training, booking seats, noting who came. Whether an organisation came has no consequence anywhere."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI, format_date, today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.base.uploads import checked_type, clean_name
from xinheng.people.actions import send_message
from xinheng.people.models import OrganisationMembership, Region, User
from xinheng.people.recipients import OrganisationBox
from xinheng.proceedings.actions.attaching import Upload
from xinheng.proceedings.actions.numbering import next_number
from xinheng.proceedings.documents import pdf
from xinheng.proceedings.telling import credit_office_of
from xinheng.rulebook.loader import load_pack
from xinheng.training.models import TrainingMaterial, TrainingSeat, TrainingSession

SIGN = "信训证"
MOST_SEATS = 5
LARGEST = 5 * 1024 * 1024
_NONE = ("没有这场培训。", "请从培训列表重新进入。")


@dataclass(frozen=True)
class Plan:
    """A session as it is announced."""

    title: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int


@transaction.atomic
def announce(*, plan: Plan, by: User, now: datetime) -> TrainingSession:
    """Offer a session; Refused when it is past, endless or without seats."""
    if plan.starts_at <= now:
        raise Refused("开始时间应晚于现在。")
    if plan.ends_at <= plan.starts_at or today(plan.ends_at) != today(plan.starts_at):
        raise Refused("结束时间应在同一天，晚于开始时间。")
    if not 1 <= plan.capacity <= 1000:
        raise Refused("名额应在 1 至 1000 之间。")
    if find_personal_numbers(f"{plan.title}\n{plan.about}\n{plan.place}"):
        raise Refused("内容里有像证件号码、手机号码或者银行卡号的数字，请删去后再提交。")
    made = TrainingSession.objects.create(
        region=by.region,
        title=plan.title,
        about=plan.about,
        place=plan.place,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        capacity=plan.capacity,
        made_by=by,
        made_at=now,
    )
    _log("training.announce", made.region, f"{made.pk}", Actor.of(by), now)
    return made


@transaction.atomic
def cancel(*, session: int, reason: str, by: User, now: datetime) -> TrainingSession:
    """Call a session off and tell everybody who booked."""
    held = _held(session, by.region)
    if held.cancelled_at is not None or held.starts_at <= now:
        raise Conflict("这场培训已经取消或者开始。", "请刷新页面查看。")
    if not reason.strip():
        raise Refused("请写明取消的原因。")
    held.cancelled_at, held.cancel_reason = now, reason.strip()[:200]
    held.save(update_fields=["cancelled_at", "cancel_reason"])
    for seat in held.seats.filter(given_up_at=None):
        box = OrganisationBox(seat.credit_code, held.region_id)
        text = f"“{held.title}”（{format_date(today(held.starts_at))}）已取消：{held.cancel_reason}。"
        send_message(
            to=box, title="培训取消", text=text, link="/centre/training", by=Actor.of(by), now=now
        )  # fmt: skip
    _log("training.cancel", held.region, f"{held.pk}", Actor.of(by), now)
    return held


@transaction.atomic
def book(*, session: int, membership: OrganisationMembership, name: str, seats: int, now: datetime) -> TrainingSeat:
    """Book seats for an organisation, as long as there are some. Booked again, it is the same booking."""
    held = _held(session, membership.region)
    if held.cancelled_at is not None or held.starts_at <= now:
        raise Conflict("这场培训已经取消或者开始，不能再报名。", "请看其他场次。")
    present = held.seats.filter(credit_code=membership.credit_code, given_up_at=None).first()
    if present is not None:
        return present
    if not 1 <= seats <= MOST_SEATS:
        raise Refused(f"每个单位可以报 1 至 {MOST_SEATS} 人。")
    taken = held.seats.filter(given_up_at=None).aggregate(sum=Sum("seats"))["sum"] or 0
    if taken + seats > held.capacity:
        raise Refused(f"名额只剩 {held.capacity - taken} 个。", "可以减少人数，或者看其他场次。")
    made = TrainingSeat.objects.create(
        session=held,
        credit_code=membership.credit_code,
        subject_name=name[:300],
        seats=seats,
        booked_by=membership.user,
        booked_at=now,
    )
    _log("training.book", held.region, f"{held.pk}", _user_of(membership), now, credit_code=membership.credit_code)
    return made


@transaction.atomic
def give_up(*, session: int, membership: OrganisationMembership, now: datetime) -> None:
    """Give the seats back before the session; nothing follows from it."""
    held = _held(session, membership.region)
    present = held.seats.filter(credit_code=membership.credit_code, given_up_at=None, attended_at=None)
    if held.starts_at <= now or not present.update(given_up_at=now):
        raise Conflict("没有可以取消的报名。", "请刷新页面查看。")
    _log("training.give_up", held.region, f"{held.pk}", _user_of(membership), now, credit_code=membership.credit_code)


@transaction.atomic
def note_attendance(*, seat: int, by: User, now: datetime) -> TrainingSeat:
    """Note that an organisation came, and make its numbered certificate. Noted once."""
    found = (
        TrainingSeat.objects.select_for_update(of=("self",))
        .select_related("session__region")
        .filter(pk=seat, session__region_id=by.region_id, given_up_at=None)
        .first()
    )
    if found is None:
        raise NotFound("没有这项报名。", "请从培训页重新进入。")
    if found.attended_at is not None:
        return found
    if found.session.cancelled_at is not None or found.session.starts_at > now:
        raise Refused("培训还没有开始，不能登记参加情况。")
    region = found.session.region
    number = next_number(region, SIGN, today(now).year)
    content = _certificate(found, number, now)
    found.attended_at, found.noted_by, found.certificate_number = now, by, number
    found.certificate, found.certificate_sha256 = content, hashlib.sha256(content).hexdigest()
    found.save()
    text = f"您单位参加了“{found.session.title}”，证明 {number} 可以在企业中心下载。参加与否不影响信用修复。"
    send_message(
        to=OrganisationBox(found.credit_code, region.pk), title="培训参加证明", text=text, link="/centre/training",
        by=Actor.of(by), now=now,
    )  # fmt: skip
    _log("training.attend", region, f"{found.session_id}", Actor.of(by), now, credit_code=found.credit_code)
    return found


@transaction.atomic
def add_material(*, title: str, upload: Upload, by: User, now: datetime) -> TrainingMaterial:
    """Put up a file for everybody to read; the same file again is the same material."""
    if not title.strip():
        raise Refused("请填写材料的名称。")
    name = clean_name(upload.file_name)
    media_type = checked_type(upload.path, name)
    if upload.path.stat().st_size > LARGEST:
        raise Refused(f"“{name}”超过 {LARGEST // 1024 // 1024} MB。", "请压缩后再上传。")
    content = upload.path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    same = TrainingMaterial.objects.filter(region=by.region, sha256=digest, removed_at=None).first()
    if same is not None:
        return same
    made = TrainingMaterial.objects.create(
        region=by.region,
        title=title.strip()[:100],
        file_name=name,
        media_type=media_type,
        size=len(content),
        sha256=digest,
        content=content,
        added_by=by,
        added_at=now,
    )
    _log("training.material", by.region, f"{made.pk}", Actor.of(by), now, sha256=digest)
    return made


@transaction.atomic
def remove_material(*, material: int, by: User, now: datetime) -> None:
    """Take a file down; that it was there stays known."""
    if not TrainingMaterial.objects.filter(pk=material, region=by.region, removed_at=None).update(removed_at=now):
        raise NotFound("没有这份材料。", "请刷新页面查看。")
    _log("training.material_removed", by.region, f"{material}", Actor.of(by), now)


def _certificate(seat: TrainingSeat, number: str, now: datetime) -> bytes:
    session = seat.session
    office = credit_office_of(session.region)
    start, end = (one.astimezone(SHANGHAI) for one in (session.starts_at, session.ends_at))
    return pdf(
        office=office.name if office else session.region.name,
        title="信用培训参加证明",
        number=number,
        day=format_date(today(now)),
        paragraphs=[
            f"{seat.subject_name}（统一社会信用代码 {seat.credit_code}）：",
            f"你单位于{format_date(start.date())} {start:%H:%M}至{end:%H:%M}参加了“{session.title}”培训，"
            f"地点：{session.place}，参加 {seat.seats} 人。特此证明。",
            "培训自愿参加，不收费。本证明不是信用修复的材料，有没有本证明都不影响信用修复的办理。",
        ],
        notice=load_pack(settings.PACK).notice,
    )


def _held(session: int, region: Region) -> TrainingSession:
    held = TrainingSession.objects.select_for_update(of=("self",)).select_related("region")
    found = held.filter(pk=session, region=region).first()
    if found is None:
        raise NotFound(*_NONE)
    return found


def _user_of(membership: OrganisationMembership) -> Actor:
    return Actor.organisation_user(membership.user_id, membership.user.display_name)


def _log(act: str, region: Region, number: str, by: Actor, now: datetime, **detail: str) -> None:
    record(
        act=act, by=by, now=now, region_id=region.pk, object_type="training", object_id=number, detail=detail
    )  # fmt: skip
