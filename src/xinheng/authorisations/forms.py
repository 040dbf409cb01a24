"""The form of an authorisation, in the organisation centre and at the counter alike."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings

from xinheng.authorisations.terms import Terms, authorised_purposes, authorised_types
from xinheng.people.models import Department

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
A_YEAR = timedelta(days=365)


class TermsForm(forms.Form):
    """What an authorisation says."""

    grantee = forms.ChoiceField(label="授权给哪个单位使用")
    purpose_code = forms.ChoiceField(label="用途")
    purpose = forms.CharField(
        label="办什么事", max_length=200, help_text="例如：申请中小微企业贷款。请不要写个人姓名和证件号码。"
    )
    classes = forms.MultipleChoiceField(label="授权哪几类信息", widget=forms.CheckboxSelectMultiple)
    facts_from = forms.DateField(label="哪一天以后的信息", widget=_DAY, help_text="最早到授权起始日之前五年。")
    starts = forms.DateField(label="授权起始日", widget=_DAY)
    until = forms.DateField(label="授权的最后一日", widget=_DAY, help_text="最长三年，随时可以撤回。")
    signer_name = forms.CharField(label="签署人", max_length=50)
    signer_title = forms.CharField(label="签署人职务", max_length=50, required=False)

    def __init__(self, *sent: Any, departments: list[tuple[str, str]], today: date, signer: str = "") -> None:
        super().__init__(*sent)
        self.initial = {"starts": today, "facts_from": today - A_YEAR, "signer_name": signer}
        for name, choices in (
            ("grantee", [("", "请选择单位"), *departments]),
            ("purpose_code", [("", "请选择用途"), *authorised_purposes(settings.PACK).items()]),
            ("classes", list(authorised_types(settings.PACK).items())),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def terms(self) -> Terms:
        """What was typed, after `is_valid`."""
        given = self.cleaned_data
        return Terms(
            classes=tuple(given["classes"]),
            grantee=Department.objects.get(pk=given["grantee"]),
            purpose_code=given["purpose_code"],
            purpose=given["purpose"],
            starts=given["starts"],
            until=given["until"],
            facts_from=given["facts_from"],
            signer_name=given["signer_name"],
            signer_title=given["signer_title"],
        )


class PaperForm(TermsForm):
    """An authorisation that was signed on paper, with its image."""

    credit_code = forms.CharField(label="授权单位的统一社会信用代码", max_length=18)
    file = forms.FileField(
        label="授权书影像", help_text="PDF、JPG、PNG、DOCX、XLSX，不超过 20 MB。加密保存，只有双方和信用办能看。"
    )
    field_order = ("credit_code",)
