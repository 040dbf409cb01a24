"""The form of one record, made from its contract: every field with its rules, and errors beside the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract, Field
from xinheng.catalogue.wording import length_of, requirement_of, values_of
from xinheng.intake.actions.single import FieldProblem

PREFIX = "f"
LONG = 200


class EntryForm(forms.Form):
    """One record; the checks of the contract judge it, not the form."""

    use_required_attribute = False

    def __init__(
        self, contract: Contract, data: Mapping[str, Any] | None, *, initial: Mapping[str, str],
        fixed: Iterable[str] = (), sealed: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial), prefix=PREFIX)
        for field in contract.fields:
            if field.name not in (OPERATION, WITHDRAWAL_REASON):
                self.fields[field.name] = _form_field(field, contract, sealed=sealed and field.personal)
        for name in fixed:
            if initial.get(name):
                self.fields[name].disabled = True

    def values(self) -> dict[str, str]:
        """What was typed, and what is fixed."""
        return {name: str(value or "") for name, value in self.cleaned_data.items()}

    def tell(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem beside its field; what concerns no field stands above."""
        for problem in problems:
            place = problem.column if problem.column in self.fields else None
            self.add_error(place, f"{problem.message}{problem.advice}")


class TextField(forms.CharField):
    """A cell of the record; `need` says when it must be filled, in words for the label."""

    need = ""


def _form_field(field: Field, contract: Contract, *, sealed: bool) -> forms.Field:
    choices = [("", "请选择"), *((value, value) for value in field.values)]
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
    if field.type == "enum" and field.values and not field.open_value:
        widget = forms.Select(choices=choices)
    elif field.free_text or (field.length or 0) > LONG:
        widget = forms.Textarea(attrs={"rows": 3})
    made = TextField(
        label=field.label, required=False, widget=widget, help_text=_help(field, sealed=sealed), max_length=None
    )
    made.need = "" if sealed else _need(field, contract)
    return made


def _need(field: Field, contract: Contract) -> str:
    return "" if field.required == "always" else f"（{requirement_of(field, contract)}）"


def _help(field: Field, *, sealed: bool) -> str:
    parts = [field.description]
    if sealed:
        parts.append("留空则沿用原来报送的内容；它加密保存，不在这里显示。")
    elif field.type == "enum_set" or field.open_value:
        parts.append(f"可填：{values_of(field, {})}。")
    elif field.type == "date":
        parts.append("写成 2026/10/15。")
    elif not field.description and field.length and field.length <= LONG:
        parts.append(f"{length_of(field)}。" if field.type == "text" and field.free_text else "")
    return "".join(part if part.endswith(("。", "")) else f"{part}。" for part in parts if part)
