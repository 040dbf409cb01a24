"""Forms for training."""

from django import forms

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SessionForm(forms.Form):
    """A session to be announced."""

    title = forms.CharField(label="主题", max_length=100)
    about = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.CharField(label="地点", max_length=200)
    starts_at = forms.DateTimeField(label="开始时间", widget=_MOMENT)
    ends_at = forms.DateTimeField(label="结束时间", widget=_MOMENT)
    capacity = forms.IntegerField(label="名额", min_value=1, max_value=1000, help_text="按人数计算。")


class MaterialForm(forms.Form):
    """A file for everybody to read."""

    title = forms.CharField(label="名称", max_length=100)
    file = forms.FileField(
        label="文件", help_text="可以上传 PDF、JPG、PNG、DOCX、XLSX，不超过 5 MB。请不要包含个人信息。"
    )
