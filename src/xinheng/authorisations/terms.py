"""What an authorisation says, and the words in which it is shown and signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.masking import mask_text
from xinheng.catalogue.contracts import load_contracts
from xinheng.people.models import Department
from xinheng.people.purposes import purposes

LONGEST = timedelta(days=366 * 3)
"""No authorisation runs longer; there is none in general or for ever."""
LONGEST_LOOK_BACK = timedelta(days=366 * 5)
"""How long before its first day an authorisation may cover facts."""


@dataclass(frozen=True)
class Terms:
    """Whom, for what, what and how long; `until` is the last day."""

    classes: tuple[str, ...]
    grantee: Department
    purpose_code: str
    purpose: str
    starts: date
    until: date
    facts_from: date
    signer_name: str
    signer_title: str = ""


def authorised_types(pack: str) -> Mapping[str, str]:
    """The record types that only an authorisation opens, with their titles."""
    return {key: one.title for key, one in load_contracts(pack).items() if one.publicity == "authorised"}


def authorised_purposes(pack: str) -> Mapping[str, str]:
    """The purposes somebody may authorise for: those that a department has no task of its own for."""
    return {key: one.title for key, one in purposes(pack).items() if one.needs_consent}


def settled(terms: Terms, *, region_id: int, today: date) -> Terms:
    """The terms with their texts cleaned; Refused with a sentence where they cannot be agreed to."""
    types, known = authorised_types(settings.PACK), authorised_purposes(settings.PACK)
    classes = tuple(sorted(set(terms.classes)))
    purpose, signer = mask_text(terms.purpose.strip())[:200], mask_text(terms.signer_name.strip())[:50]
    if not classes or not set(classes) <= set(types):
        raise Refused("请选择要授权的信息类型。")
    if terms.purpose_code not in known or not purpose:
        raise Refused("请选择用途，并写明办什么事。", "例如：申请中小微企业贷款。")
    if not signer:
        raise Refused("请填写签署人。")
    if terms.grantee.region_id != region_id or not terms.grantee.is_active:
        raise Refused("请选择本地的使用单位。")
    if terms.until < terms.starts:
        raise Refused("最后一日不能早于起始日。")
    if terms.until < today:
        raise Refused("最后一日已经过去。", "请填写今天以后的日期。")
    if terms.until - terms.starts > LONGEST:
        raise Refused("一次授权最长三年。", "请选择较近的最后一日，到期可以再次授权。")
    if terms.facts_from > terms.until:
        raise Refused("信息起始日不能晚于授权的最后一日。")
    if terms.starts - terms.facts_from > LONGEST_LOOK_BACK:
        raise Refused("授权使用的信息最早到授权起始日之前五年。", "请填写较近的信息起始日。")
    return Terms(
        classes=classes, grantee=terms.grantee, purpose_code=terms.purpose_code, purpose=purpose,
        starts=terms.starts, until=terms.until, facts_from=terms.facts_from, signer_name=signer,
        signer_title=mask_text(terms.signer_title.strip())[:50],
    )  # fmt: skip


def wording(terms: Terms, *, organisation_name: str, credit_code: str) -> str:
    """The authorisation in words, as it is shown before it is given and kept afterwards."""
    types = authorised_types(settings.PACK)
    classes = "、".join(types[key] for key in terms.classes)
    signer = f"{terms.signer_name}（{terms.signer_title}）" if terms.signer_title else terms.signer_name
    return (
        f"{organisation_name}（统一社会信用代码 {credit_code}）授权{terms.grantee.name}"
        f"为“{authorised_purposes(settings.PACK)[terms.purpose_code]}：{terms.purpose}”归集和使用本单位的下列信息：{classes}。\n"
        f"信息的范围：{format_date(terms.facts_from)}以后的信息。\n"
        f"授权期限：{format_date(terms.starts)}至{format_date(terms.until)}。\n"
        "本单位可以随时撤回授权，撤回后立即停止使用；不授权或者撤回授权，不影响本单位办理其他事项。\n"
        f"签署人：{signer}。"
    )
