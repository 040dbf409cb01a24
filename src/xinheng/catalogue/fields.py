"""Reads the fields of a contract: each with its catalogue item and the provision that allows it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from xinheng.catalogue.boundaries import Boundaries
from xinheng.catalogue.code_lists import CodeList
from xinheng.catalogue.contract import (
    ASSERT,
    OPERATION,
    WITHDRAW,
    WITHDRAWAL_REASON,
    Field,
    FieldType,
    FilledWhen,
    Required,
)
from xinheng.catalogue.headings import heading_keys
from xinheng.catalogue.items import Item
from xinheng.catalogue.provisions import ProvisionReference
from xinheng.rulebook.loader import PackFile
from xinheng.rulebook.reading import RulebookError, Section

TYPES: tuple[FieldType, ...] = get_args(FieldType)
REQUIREMENTS: tuple[Required, ...] = get_args(Required)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_IMPLICIT_PROVISION = "ndrc-2018-424#公示原则"


@dataclass(frozen=True)
class Basis:
    """Catalogue item and provision that a group of fields is included under."""

    item: str
    provision: str


@dataclass(frozen=True)
class FieldReader:
    """Everything that is needed to judge a field."""

    items: dict[str, Item]
    provisions: dict[str, ProvisionReference]
    code_lists: dict[str, CodeList]
    groups: dict[str, PackFile]
    boundaries: Boundaries

    def read(self, contract: Section) -> tuple[Field, ...]:
        """The fields of a contract file, groups unfolded, with the two implicit fields at the end."""
        fields: list[Field] = []
        for entry in contract.sections("fields"):
            for field in self._read_entry(entry, contract.text("act", "")):
                self._judge(entry, field)
                fields.append(field)
        if not fields:
            raise contract.refuse("fields", "至少要有一个字段。")
        fields.extend(_implicit_fields(contract.text("item")))
        _refuse_twins(contract, fields)
        _refuse_unknown_condition(contract, fields)
        return tuple(fields)

    def _read_entry(self, entry: Section, act: str) -> Iterator[Field]:
        basis = Basis(entry.text("item", ""), entry.text("provision", ""))
        if "group" not in entry:
            yield self._read_field(entry, basis)
            entry.done()
            return
        name = entry.text("group")
        if name not in self.groups:
            raise entry.refuse("group", f"没有字段组“{name}”。")
        prefix, leave_out = entry.text("prefix", ""), entry.texts("leave_out")
        codes = dict(entry.pairs("codes"))
        entry.done()
        group = self.groups[name].section
        group.text("description")
        for inner in group.sections("fields"):
            if inner.text("name") in leave_out:
                continue
            field = self._read_field(inner, basis, prefix=prefix, code=codes.get(inner.text("name"), ""))
            inner.done()
            yield replace(field, aliases=tuple(_spelled_out(field.aliases, act)))

    def _read_field(self, entry: Section, basis: Basis, prefix: str = "", code: str = "") -> Field:
        suffixes = [suffix for suffix in (entry.text("suffix", ""), *entry.texts("other_suffixes")) if suffix]
        codes = [f"{prefix}_{suffix}" for suffix in suffixes] if prefix else []
        code = code or (codes[0] if codes else entry.text("code", ""))
        code_list = self._code_list(entry)
        return Field(
            name=entry.text("name"),
            label=entry.text("label"),
            type=entry.choice("type", TYPES),
            item=basis.item,
            provision=basis.provision,
            code=code,
            aliases=(*(other for other in codes if other != code), *entry.texts("aliases")),
            length=entry.whole("length", 0) or None,
            required=entry.choice("required", REQUIREMENTS, "optional"),
            filled_when=_filled_when(entry),
            values=code_list.values if code_list else (),
            open_value=code_list.open_value if code_list else "",
            synonyms=code_list.synonyms if code_list else (),
            personal=entry.flag("personal", False),
            published=entry.flag("published", False),
            free_text=entry.flag("free_text", False),
            minimum=entry.whole("minimum") if "minimum" in entry else None,
            description=entry.text("description", ""),
            example=entry.text("example", ""),
            blanks=entry.texts("blanks"),
            code_list=code_list.key if code_list else "",
        )

    def _code_list(self, entry: Section) -> CodeList | None:
        key = entry.text("list", "")
        if key and key not in self.code_lists:
            raise entry.refuse("list", f"没有代码表“{key}”。")
        if bool(key) != (entry.text("type") in ("enum", "enum_set")):
            raise entry.refuse("type", "取值有限的字段（enum、enum_set）必须指明代码表，其他字段不能有。")
        return self.code_lists[key] if key else None

    def _judge(self, entry: Section, field: Field) -> None:
        """Refuse a field without basis, across a boundary, or in contradiction with itself."""
        if not field.item or not field.provision:
            raise RulebookError(
                entry.place, f"字段“{field.label}”没有写明目录项（item）和依据条款（provision），不得收集。"
            )
        if field.item not in self.items:
            raise RulebookError(entry.place, f"字段“{field.label}”的目录项“{field.item}”不在目录中，不得收集。")
        if field.provision not in self.provisions:
            raise RulebookError(
                entry.place, f"字段“{field.label}”的依据“{field.provision}”不在法律依据目录中，不得收集。"
            )
        if not _NAME.fullmatch(field.name):
            raise RulebookError(entry.place, f"字段名“{field.name}”应由小写字母、数字和下划线组成。")
        if not _HAN.search(field.label):
            raise RulebookError(entry.place, f"字段“{field.name}”应有中文名称。")
        self._refuse_boundary(entry, field)
        if field.personal and field.published:
            raise RulebookError(entry.place, f"个人信息字段“{field.label}”不能公示。")
        if field.type == "citizen_number" and not field.personal:
            raise RulebookError(entry.place, f"字段“{field.label}”是身份号码，必须标为个人信息。")

    def _refuse_boundary(self, entry: Section, field: Field) -> None:
        texts = (field.label, field.name, field.code, *field.aliases, field.description, *field.values)
        hit = self.boundaries.find_in(texts)
        if hit:
            raise RulebookError(
                entry.place,
                f"字段“{field.label}”中的“{hit.text}”涉及{hit.ban.title}，不得收集（{hit.ban.basis}）。",
            )


def _spelled_out(aliases: tuple[str, ...], act: str) -> Iterator[str]:
    """`{act}` in an alias stands for the kind of act; a contract without one has no such alias."""
    for alias in aliases:
        if "{act}" not in alias:
            yield alias
        elif act:
            yield alias.replace("{act}", act)


def _implicit_fields(item: str) -> tuple[Field, Field]:
    """What every row may say about itself: is it a statement or the withdrawal of one, and why."""
    operation = Field(
        name=OPERATION,
        label="数据操作",
        type="enum",
        item=item,
        provision=_IMPLICIT_PROVISION,
        values=(ASSERT, WITHDRAW),
        aliases=("操作类型", "SJCZ"),
        length=8,
        description="不填按“新增”处理；撤回已报送的数据时填“撤回”，只需填业务主键各字段和撤回原因。",
        example=ASSERT,
    )
    reason = Field(
        name=WITHDRAWAL_REASON,
        label="撤回原因",
        type="text",
        item=item,
        provision=_IMPLICIT_PROVISION,
        aliases=("CHYY",),
        length=200,
        free_text=True,
        description="数据操作为“撤回”时必填。",
    )
    return operation, reason


def _filled_when(entry: Section) -> FilledWhen | None:
    if "filled_when" not in entry:
        return None
    inner = entry.section("filled_when")
    found = FilledWhen(inner.text("field"), inner.texts("values"))
    inner.done()
    return found


def _refuse_unknown_condition(contract: Section, fields: list[Field]) -> None:
    """A field can depend only on values that another field may have."""
    known = {field.name: field.values for field in fields}
    for field in fields:
        when = field.filled_when
        if when and (not when.values or not set(when.values) <= set(known.get(when.field, ()))):
            raise contract.refuse(
                "fields", f"字段“{field.label}”何时填写（filled_when）应指明另一个字段和它的代码表里的值。"
            )


def _refuse_twins(contract: Section, fields: list[Field]) -> None:
    """Two fields that answer to one heading would make every file ambiguous."""
    names = Counter(field.name for field in fields)
    for name, count in names.items():
        if count > 1:
            raise contract.refuse("fields", f"字段名“{name}”出现 {count} 次。")
    owners: dict[str, str] = {}
    for field in fields:
        for key in heading_keys(field):
            other = owners.setdefault(key, field.name)
            if other != field.name:
                raise contract.refuse("fields", f"表头“{key}”同时指向字段“{other}”和“{field.name}”。")
