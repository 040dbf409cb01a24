"""Which organisations somebody looked at on a day, from the log: they are told when the looking was misuse."""

from datetime import date

from xinheng.audit.queries import objects_read
from xinheng.base.scope import Scope
from xinheng.people.models import Region
from xinheng.proceedings.facts import subject_of
from xinheng.proceedings.models import Case
from xinheng.register.models import Organisation, Record

TOLD_AFFECTED = (
    "经核查（{number}），{day}有人在没有正当理由的情况下查阅了贵单位未公开的信息。我们已采取措施，并对此深表歉意。"
    "在“谁查过我”里可以看到查阅的时间和部门。对处理不满意的，可以在“办事”里投诉；造成损失的，可以依法要求赔偿。"
)


def looked_at(region: Region, *, reader: str, day: date) -> tuple[str, ...]:
    """Credit codes of those whose archives, records or cases were read; `reader` is `kind:id` of the log."""
    kind, _, number = reader.partition(":")
    found = objects_read(Scope(region=region.code), region_ids=[region.pk], actor_kind=kind, actor_id=number, day=day)
    codes = set[str]()
    for object_type, object_id in found:
        codes.update(_codes(object_type, object_id))
    return tuple(sorted(codes))


def _codes(object_type: str, object_id: str) -> set[str]:
    """The organisation behind one object of the log; none for what is no organisation's."""
    if object_type == "organisation" and not object_id.isdecimal():
        found = Organisation.objects.filter(credit_code=object_id)
        return {one.credit_code for one in found if one.credit_code}
    if not object_id.split("/", maxsplit=1)[0].isdecimal():
        return set()
    number = int(object_id.split("/", maxsplit=1)[0])
    if object_type == "organisation":
        return {one.credit_code for one in Organisation.objects.filter(pk=number) if one.credit_code}
    if object_type == "record":
        record = Record.objects.filter(record_no=number, known_to=None).first()
        return {subject_of(record).credit_code} - {""} if record else set()
    if object_type in ("case", "case_file", "case_contact"):
        return set(Case.objects.filter(pk=number).exclude(credit_code="").values_list("credit_code", flat=True))
    return set()
