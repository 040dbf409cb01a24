"""Forms about commitments: a look at a promise, a doubt with evidence, members of an association."""

from django import forms

from xinheng.commitments.models import CommitmentEnd

_ENDS = [(one.value, one.label) for one in (CommitmentEnd.SUPERSEDED, CommitmentEnd.MISTAKEN)]
_WORDS = {"rows": 4, "maxlength": 2000}


class KeptForm(forms.Form):
    """Everything was kept."""

    found = forms.CharField(
        label="怎样检查的，结果如何", widget=forms.Textarea(attrs=_WORDS), max_length=2000,
        help_text="例如“现场核查，与承诺一致”。不写个人的号码。",
    )  # fmt: skip


class DoubtForm(forms.Form):
    """Something may not have been kept."""

    found = forms.CharField(
        label="检查发现的情况", widget=forms.Textarea(attrs=_WORDS), max_length=2000,
        help_text="写明什么时候、怎样检查、发现什么。",
    )  # fmt: skip
    reason = forms.CharField(
        label="告知承诺单位的事实和理由", widget=forms.Textarea(attrs=_WORDS), max_length=2000,
        help_text="写进事先告知书，对照承诺书逐项说明。",
    )  # fmt: skip


class EndForm(forms.Form):
    """A commitment ends before its last day."""

    reason = forms.ChoiceField(label="终止的原因", choices=_ENDS)
    why = forms.CharField(label="说明", max_length=200)


class MembersForm(forms.Form):
    """Members by credit code."""

    codes = forms.CharField(
        label="会员单位的统一社会信用代码", widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000,
        help_text="每行一个，一次最多 500 个。只登记单位会员。",
    )  # fmt: skip
    joined_on = forms.DateField(label="入会日期", widget=forms.DateInput(attrs={"type": "date"}))
