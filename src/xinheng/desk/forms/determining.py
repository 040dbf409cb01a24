"""What is asked beside the table's own fields when a person whom a list's law names is to be listed."""

from collections.abc import Mapping
from typing import Any

from django import forms

from xinheng.proceedings.determined import NamedPerson
from xinheng.proceedings.stating import StatedWrong

LONGEST_NAME, LONGEST_NUMBER = 50, 18


class PersonForm(forms.Form):
    """The part, name and number of the person; all empty for an organisation."""

    use_required_attribute = False
    role = forms.ChoiceField()
    person = forms.CharField(
        label="当事人姓名",
        required=False,
        max_length=LONGEST_NAME,
        help_text="只在对个人认定时填写。加密保存，不公示、不检索，提交以后不再显示。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    number = forms.CharField(
        label="居民身份证号码",
        required=False,
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, roles: tuple[str, ...], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="person")
        choices = [("", "受到处罚的单位"), *((one, f"{one}（个人，单独认定）") for one in roles)]
        self.fields["role"] = forms.ChoiceField(label="对谁认定", required=False, choices=choices)

    def named(self) -> NamedPerson | None:
        """Whom it is about; None for the organisation."""
        self.full_clean()
        role = self.cleaned_data.get("role", "")
        if not role:
            return None
        return NamedPerson(role, self.cleaned_data.get("person", ""), self.cleaned_data.get("number", ""))

    def tell(self, wrong: StatedWrong) -> None:
        """Put what concerns the person beside her fields."""
        if "person" in wrong.problems:
            self.add_error("person", wrong.problems["person"])
