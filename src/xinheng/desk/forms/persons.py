"""The form for a person's own view at the counter."""

from django import forms

DOCUMENTS = (
    "居民身份证", "临时居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证",
)  # fmt: skip


class Unechoed(forms.PasswordInput):
    """A field that is read while it is typed and never comes back in an answer."""

    input_type = "text"


class OwnViewForm(forms.Form):
    """Whose records, by which document; the code shows that the officer herself sits here now."""

    document = forms.ChoiceField(label="出示的证件", choices=[(one, one) for one in DOCUMENTS])
    citizen_number = forms.CharField(
        label="证件号码",
        max_length=40,
        help_text="照证件输入。不会保存，也不会再显示。",
        widget=Unechoed(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    present = forms.BooleanField(label="本人在场，已核对证件与本人一致")
    code = forms.CharField(
        label="您的验证码",
        max_length=40,
        help_text="您手机验证器上现在显示的六位数字，每次查询都要输入。",
        widget=Unechoed(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def without_code(self) -> "OwnViewForm":
        """The form for an officer who has no second factor."""
        del self.fields["code"]
        return self
