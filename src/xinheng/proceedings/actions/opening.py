"""Opening a case: from the organisation centre, at the counter, or as registered from another channel."""

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import Kind, find_personal_numbers
from xinheng.people.models import Department, OrganisationUser, Region, User
from xinheng.proceedings.actions.attaching import Upload, attach
from xinheng.proceedings.actions.numbering import next_number
from xinheng.proceedings.actions.taking import Ready, check_guard, log, write_event
from xinheng.proceedings.consequences import CONSEQUENCES
from xinheng.proceedings.deadlines import settle_deadlines
from xinheng.proceedings.facts import Subject, newest, organisation_of, subject_of, title_of
from xinheng.proceedings.guards import Asked
from xinheng.proceedings.models import Case, CaseChannel
from xinheng.proceedings.parties import acting_in
from xinheng.proceedings.procedures import Procedure, procedure_at
from xinheng.proceedings.stating import checked
from xinheng.proceedings.taken import Taken
from xinheng.proceedings.telling import credit_office_of, tell_step
from xinheng.vault.actions import new_key
from xinheng.vault.models import KeyKind
from xinheng.vault.sealing import seal_bytes

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
"""49 bits; wrong attempts are counted (`queries.progress`)."""


@dataclass(frozen=True)
class Application:
    """What is asked for, about which record, by which channel.

    `identified` notes how the person at the counter proved who she is, never a number of hers; `contact` is how to
    reach her and is kept encrypted. `entry` names the form, so that sending it twice opens one case.
    """

    procedure: str
    record_no: int | None
    stated: Mapping[str, str]
    channel: CaseChannel
    entry: uuid.UUID
    target: str = ""
    """What it is about, in words, where there is no record."""
    credit_code: str = ""
    """Whom it is about, where there is no record to say so; the applicant's own organisation in the centre."""
    concerned: User | None = None
    department: Department | None = None
    part: str = ""
    """Tells several cases of one record and ground apart, such as `#2`."""
    person_role: str = ""
    """The part of a person who stands beside the subject and whom the case is about; she is never named in it."""
    identified: str = ""
    contact: str = field(default="", repr=False)
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True)
class Opened:
    """The new case and the word by which its progress may be read, which is told once; empty for a form sent again."""

    case: Case
    code: str


@transaction.atomic
def open_case(*, application: Application, by: User | OrganisationUser | None, now: datetime) -> Opened:
    """Open a case by the step that has no state before it; nobody (`by` None) is the clock.

    Refuses in words what the table does not allow.
    """
    again = Case.objects.filter(entry=application.entry).first()
    if again is not None:
        if not acting_in(by, again).parties:
            raise NotFound("没有这个案件。", "请从案件列表重新进入。")
        return Opened(again, "")
    day = today(now)
    procedure = procedure_at(settings.PACK, application.procedure, day)
    case = _draft(application, by, procedure, now)
    acting = acting_in(by, case)
    if acting.party(procedure.opening.who) is None:
        raise NotFound("没有这条记录。", "请从本单位的记录页面提出。")
    stated = checked(procedure, procedure.opening, application.stated, day)
    case.ground = stated.get("ground", "") + application.part
    check_guard(procedure.opening, Asked(case, stated, day))
    _check_documents(procedure, application.uploads)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    _save(case, application, code, procedure, now)
    for upload in application.uploads:
        attach(case=case, upload=upload, acting=acting, procedure=procedure, now=now)
    found = Ready(case, procedure, procedure.opening, stated, day)
    event = write_event(found, acting, "", now=now)
    settle_deadlines(case, procedure, procedure.opening, now)
    for name in procedure.opening.then:
        CONSEQUENCES[name](Taken(case, event, stated, acting.actor, acting.user, now, day))
    tell_step(case, procedure, procedure.opening, stated, by=acting.actor, now=now)
    log(case, "case.open", acting.actor, now, {"procedure": procedure.key, "channel": application.channel.value})
    return Opened(case, code)


def hash_code(number: str, code: str) -> str:
    """What is kept of the word for the progress page. Spaces, case and signs do not count."""
    plain = "".join(one for one in code.upper() if one in CODE_LETTERS)
    return hashlib.sha256(f"{number}\0{plain}".encode()).hexdigest()


def _draft(application: Application, by: User | OrganisationUser | None, procedure: Procedure, now: datetime) -> Case:
    if application.record_no is None:
        department, region = _handled_by(application, by)
        subject, title = organisation_of(application.credit_code), application.target.strip()[:300]
        if find_personal_numbers(title):
            raise Refused("所指的内容里有像证件号码的数字。", "请只写名称、编号和日期，不要写证件号码。")
    else:
        record = newest(application.record_no)
        department, region, subject, title = record.department, record.region, subject_of(record), title_of(record)
    subject = subject or Subject(0, "", "")
    if application.person_role:
        subject = Subject(0, f"{subject.name}的{application.person_role}（自然人，封存）", "")
    user = by if isinstance(by, OrganisationUser) else None
    if user is None and not application.identified.strip():
        raise Refused("请注明怎样核验了申请人的身份。", "例如“核对了营业执照和经办人证件”。请不要写证件号码。")
    if find_personal_numbers(application.identified):
        raise Refused("核验方式里有像证件号码的数字。", "请只写核对了什么，不要写证件号码。")
    return Case(
        region=region,
        procedure=procedure.key,
        rule_set=procedure.rule_set,
        state=procedure.opening.target,
        subject_no=subject.number,
        subject_name=subject.name or (application.concerned.display_name if application.concerned else "申请人"),
        credit_code=subject.credit_code,
        record_no=application.record_no,
        record_title=title,
        department=department,
        channel=CaseChannel.CENTRE if user else application.channel,
        applicant=user,
        concerned=application.concerned,
        identified_by="" if user else application.identified.strip()[:100],
        opened_at=now,
        entry=application.entry,
    )


def _handled_by(application: Application, by: User | OrganisationUser | None) -> tuple[Department, Region]:
    """Without a record there is no source: the credit office handles it, or the department that is concerned."""
    if isinstance(by, User):
        department = application.department or by.department
        return department, by.region
    if by is None:
        if application.department is None:
            raise Refused("没有写明由哪个部门办理。")
        return application.department, application.department.region
    bound = by.memberships.filter(credit_code=application.credit_code, revoked_at=None).select_related("region")
    member = bound.first() if application.credit_code else None
    if member is None:
        raise NotFound("没有这个单位。", "请从企业中心重新进入。")
    office = application.department or credit_office_of(member.region)
    if office is None:
        raise Refused("本地还没有设置信用办。", "请联系当地的信用工作机构。")
    return office, member.region


def _save(case: Case, application: Application, code: str, procedure: Procedure, now: datetime) -> None:
    case.key_id = new_key(kind=KeyKind.SOURCE, now=now)
    case.number = next_number(case.region, procedure.sign, today(now).year)
    case.code_hash = hash_code(case.number, code)
    if any(one.kind is Kind.CITIZEN_NUMBER for one in find_personal_numbers(application.contact)):
        raise Refused("联系方式里有证件号码。", "请只写电话、地址或者电子邮箱。")
    if application.contact.strip():
        case.contact = seal_bytes(case.key_id, application.contact.strip().encode(), contact_aad(case.number))
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise Conflict("这条信息已有同样的案件正在办理。", "请在案件进度中查看，不需要重复提出。") from error


def contact_aad(number: str) -> bytes:
    """What ties a sealed contact to its case."""
    return f"case-contact:{number}".encode()


def _check_documents(procedure: Procedure, uploads: Sequence[Upload]) -> None:
    given = {upload.kind for upload in uploads}
    names = dict(procedure.attachments)
    missing = [names[kind] for kind in procedure.opening.documents if kind not in given]
    if missing:
        raise Refused(f"还缺少：{'、'.join(missing)}。", "请选择文件后再提交。")
