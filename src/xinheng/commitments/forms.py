"""The form of a letter, made from its template for whichever door shows it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from xinheng.commitments.letters import LONGEST
from xinheng.commitments.rules import Fact, Template

PREFIX = "letter"
SIGNED_BY, CREDIT_CODE, IDENTIFIED = "signed_by", "credit_code", "identified_by"


class LetterForm(forms.Form):
    """What a letter asks for. It judges nothing: the action does, and `tell` puts its words beside the fields.

    At the counter it also asks who came and how that was made sure.
    """

    use_required_attribute = False

    def __init__(self, template: Template, data: Mapping[str, Any] | None, *, name: str = "", counter: bool = False):
        super().__init__(data, prefix=PREFIX)
        if counter:
            self._line(CREDIT_CODE, "承诺单位的统一社会信用代码", "照营业执照填写。", 18)
        for fact in template.facts:
            self.fields[fact.key] = forms.CharField(
                label=fact.label, required=False, strip=False, help_text=fact.help, widget=_widget(fact)
            )
        signed = f"填写“{name}”，表示已经阅读并作出承诺。" if name else "照承诺书上的盖章填写，与登记一致。"
        self._line(SIGNED_BY, "承诺单位的全称", signed, 200)
        if counter:
            self._line(IDENTIFIED, "怎样核验了身份", "例如“核对了营业执照和公章”。不写证件号码。", 100)

    def typed(self) -> dict[str, str]:
        """Everything that was typed, as it was typed."""
        self.full_clean()
        return {name: str(self.data.get(self.add_prefix(name), "")) for name in self.fields}

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put each problem beside its field."""
        for key, problem in problems.items():
            self.add_error(key if key in self.fields else None, problem)

    def _line(self, key: str, label: str, help: str, longest: int) -> None:
        widget = forms.TextInput(attrs={"maxlength": longest, "autocomplete": "off"})
        self.fields[key] = forms.CharField(label=label, required=False, strip=False, help_text=help, widget=widget)


def entry_of(text: str) -> uuid.UUID:
    """The name of a form as it was sent, or a new one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _widget(fact: Fact) -> forms.Widget:
    if fact.kind == "day":
        return forms.DateInput(attrs={"type": "date"})
    if fact.kind == "text":
        return forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST["text"]})
    return forms.TextInput(attrs={"maxlength": LONGEST["line"], "autocomplete": "off"})
