"""What may be asked: about organisations only, for an item of business, with a purpose of the coded list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused, WrongUsage, XinhengError
from xinheng.base.identifiers import citizen_number
from xinheng.base.masking import find_personal_numbers
from xinheng.checks.items import BusinessItem, business_items
from xinheng.people.purposes import Purpose, purposes
from xinheng.register.understanding import Meaning, understand

LONGEST_CASE, LONGEST_NAME = 60, 200
MOST_CODES = 10_000
_CODE = re.compile(r"[0-9A-Z-]{8,30}")
_PLAIN = re.compile(r"(?!.{6}(?:18|19|20))[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
"""Codes that can be no person's number, since no day of birth stands in them: nothing else needs to be looked at."""
PERSON = "核查只回答单位，不受理公民身份号码。"
PERSON_ADVICE = "这个号码没有保存，也没有记入日志。请核对后输入单位的统一社会信用代码。"


class NotACode(WrongUsage):
    """What was sent is no organisation's code; it is not repeated, since it may be anything."""

    def __init__(self) -> None:
        super().__init__("这不是单位的代码。", "请输入 18 位统一社会信用代码，或原来的注册号、组织机构代码。")


class PersonRefused(Refused):
    """A person's number was sent: refused with the reason, kept nowhere."""

    def __init__(self) -> None:
        super().__init__(PERSON, PERSON_ADVICE)


@dataclass(frozen=True)
class Asker:
    """Who asks, and for which department of which region."""

    actor: Actor
    region_id: int
    region_code: str
    department_id: int
    department_code: str
    department_name: str


@dataclass(frozen=True)
class Errand:
    """What the codes are asked about for: one item, one case, one purpose."""

    asker: Asker
    item: BusinessItem
    case_no: str
    purpose: Purpose


@dataclass(frozen=True)
class Question:
    """One code as it was understood. `ambiguous`: it could be a person's number unless an organisation bears it."""

    errand: Errand
    code: str
    name: str = ""
    ambiguous: bool = False


def errand(*, asker: Asker, item: str, case_no: str, purpose: str, pack: str) -> Errand:
    """The errand, or a refusal: nobody checks without an item and a purpose."""
    if not item.strip():
        raise WrongUsage("请写明业务事项。", "核查只能为办理一个业务事项进行，写事项代码。")
    if not purpose.strip():
        raise WrongUsage("请写明核查用途。", f"用途代码：{_listed(purposes(pack))}。")
    known = business_items(pack).get(item.strip())
    if known is None:
        raise Refused("没有这个业务事项。", f"可用的事项代码：{'、'.join(business_items(pack)) or '还没有登记'}。")
    chosen = purposes(pack).get(purpose.strip())
    if chosen is None:
        raise Refused("没有这个用途代码。", f"用途代码：{_listed(purposes(pack))}。")
    if known.departments and asker.department_code not in known.departments:
        raise Refused(f"事项“{known.title}”不由{asker.department_name}办理。", "请核对事项代码和办理部门。")
    return Errand(asker, known, _case(case_no), chosen)


def question(about: Errand, code: str, name: str = "") -> Question:
    """One question, or a refusal that repeats nothing of what was sent."""
    if _PLAIN.fullmatch(code):
        return Question(about, code, _name(name) if name else "")
    found = understand(code)
    if found.meaning is Meaning.PERSON:
        raise PersonRefused
    if found.meaning not in {Meaning.CODE, Meaning.CODE_OR_PERSON, Meaning.INITIALS} or not _CODE.fullmatch(
        found.text.upper()
    ):
        raise NotACode
    text = found.text.upper()
    ambiguous = found.meaning is Meaning.CODE_OR_PERSON or citizen_number.looks_like_citizen_number(text)
    return Question(about, text, _name(name), ambiguous)


def understood(about: Errand, codes: Sequence[str]) -> list[Question | XinhengError]:
    """What may be asked of these codes, and the refusals in their places."""
    found: list[Question | XinhengError] = []
    for code in codes:
        try:
            found.append(question(about, code))
        except XinhengError as refusal:
            found.append(refusal)
    return found


def _name(text: str) -> str:
    kept = text.replace("\x00", "").strip()[:LONGEST_NAME]
    if find_personal_numbers(kept):
        raise PersonRefused
    return kept


def _case(text: str) -> str:
    kept = text.replace("\x00", "").strip()
    if len(kept) > LONGEST_CASE:
        raise WrongUsage(f"办件编号不超过 {LONGEST_CASE} 个字符。")
    if find_personal_numbers(kept):
        raise PersonRefused
    return kept


def _listed(known: Mapping[str, Purpose]) -> str:
    return "、".join(f"{one.key}（{one.title}）" for one in known.values())
