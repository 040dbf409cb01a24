"""Forms for the tasks of departments."""

from decimal import Decimal

from django import forms

from xinheng.measures.actions import Done

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FeedbackForm(forms.Form):
    """How a measure was carried out once."""

    done_on = forms.DateField(label="执行日期", widget=_DAY)
    item = forms.CharField(label="在哪个事项中执行", max_length=200)
    amount = forms.DecimalField(
        label="涉及金额（元，可以不填）", required=False, min_value=Decimal(0), max_digits=16, decimal_places=2,
        help_text="只写数字，最多两位小数。",
    )  # fmt: skip
    document_no = forms.CharField(label="文书号（可以不填）", max_length=128, required=False)
    note = forms.CharField(
        label="说明（可以不填）", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def done(self) -> Done:
        """What the department said, with the amount in fen."""
        given = self.cleaned_data
        amount = given["amount"]
        fen = None if amount is None else int(amount.scaleb(2))
        return Done(given["done_on"], given["item"], fen, given["document_no"], given["note"])


class CannotForm(forms.Form):
    """Why a measure cannot be carried out."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CorrectionForm(forms.Form):
    """How a department put right what it did under a measure that never should have been."""

    what = forms.CharField(label="怎样纠正的", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AnnulForm(forms.Form):
    """Why a measure was wrong from the beginning."""

    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明哪里不当，并写上异议、投诉的案号或者决定的文书号。",
    )  # fmt: skip
