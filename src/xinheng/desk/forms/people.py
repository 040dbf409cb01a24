"""Forms for logging in, the first set-up, departments and officers."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm

from xinheng.people.models import Role
from xinheng.people.purposes import LONGEST_NOTE, purposes


class LoginForm(AuthenticationForm):
    """User name and password, with words for what went wrong."""

    error_messages = {
        "invalid_login": "登录名或密码不对。连续输错 5 次，这个登录名半小时内不能再登录。",
        "inactive": "这个账号已停用，请联系系统管理员。",
    }


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="手机验证器上现在显示的六位数字；手机不在身边的，输入一个恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}),
    )


class EnrolForm(forms.Form):
    """The first code of a new app, with the password."""

    code = forms.CharField(
        label="验证码",
        max_length=10,
        help_text="扫描后，手机上显示的六位数字。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    password = forms.CharField(
        label="登录密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="确认是您本人在操作。",
    )


class BindingForm(forms.Form):
    """A binding code for an organisation, at the counter."""

    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, min_length=18)
    seen = forms.BooleanField(label="已核对营业执照（登记证书）、委托书和经办人证件")
    holder = forms.BooleanField(
        label="作为单位负责人", required=False, initial=True,
        help_text="负责人可以邀请、停用同事。已有负责人的，由新负责人接替，原负责人改为一般使用人。",
    )  # fmt: skip


class ClientLimitsForm(forms.Form):
    """From where and until when a program may call."""

    networks = forms.CharField(
        label="允许的地址", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个地址或网段，例如 10.1.2.3 或 10.1.2.0/24。不填表示不限制。",
    )  # fmt: skip
    expires_on = forms.DateField(
        label="有效至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="到这一天结束时失效。",
    )  # fmt: skip


class ClientForm(ClientLimitsForm):
    """A new program."""

    name = forms.CharField(label="程序名称", max_length=100, help_text="例如：县市场监管局案件系统。")
    department = forms.ChoiceField(label="部门")
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=[("read", "查询"), ("submit", "报送"), ("check", "信用核查")],
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("name", "department", "scopes", "networks", "expires_on")

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["department"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "请选择部门"), *departments]


class RegionForm(forms.Form):
    """The county itself."""

    name = forms.CharField(label="地区全称", max_length=100, help_text="例如：演示省幻海市云屿县。")
    short_name = forms.CharField(label="简称", max_length=50, help_text="页面上常用的叫法，例如：云屿县。")
    code = forms.RegexField(
        r"^[1-9]\d{5}$",
        label="行政区划代码",
        max_length=6,
        help_text="六位数字。",
        error_messages={"invalid": "行政区划代码应为六位数字。"},
    )


class DepartmentForm(forms.Form):
    """One department as it is set up first."""

    name = forms.CharField(label="部门全称", max_length=200)
    short_name = forms.CharField(label="简称", max_length=50)
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    hold = forms.BooleanField(label="公示前审核", required=False)


class ContactForm(forms.Form):
    """How a person reaches a department; all of it is shown to the public."""

    name = forms.CharField(label="全称", max_length=200)
    short_name = forms.CharField(label="简称", max_length=50)
    address = forms.CharField(label="地址", max_length=200, required=False)
    telephone = forms.CharField(label="电话", max_length=50, required=False)
    hours = forms.CharField(label="办公时间", max_length=100, required=False, help_text="例如：工作日 9:00—17:00。")
    is_active = forms.BooleanField(label="在用（停用后不能再以该部门名义报送）", required=False)


class OfficerForm(forms.Form):
    """A new account."""

    display_name = forms.CharField(label="姓名", max_length=50)
    username = forms.CharField(
        label="登录名", max_length=50, help_text="小写字母开头，3 至 50 位字母、数字、点、横线。"
    )
    department = forms.ChoiceField(label="部门")
    password = forms.CharField(
        label="初始密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符。",
    )
    roles = forms.MultipleChoiceField(label="角色", choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["department"]
        if isinstance(field, forms.ChoiceField):
            field.choices = departments

    def has_changed(self) -> bool:
        """Whether anybody is named; ticked roles alone make no officer."""
        return any(self.data.get(self.add_prefix(name)) for name in ("username", "display_name", "password"))


class PasswordForm(forms.Form):
    """A new password for an account."""

    password = forms.CharField(
        label="新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="至少 10 个字符。"
    )


class OwnPasswordForm(PasswordForm):
    """One's own new password, given the present one."""

    old = forms.CharField(
        label="原密码", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    field_order = ("old", "password")


class PurposeForm(forms.Form):
    """What records are read for: one of the list, and a few words."""

    purpose = forms.ChoiceField(label="查阅用途", widget=forms.RadioSelect)
    note = forms.CharField(
        label="说明",
        min_length=2,
        max_length=LONGEST_NOTE,
        help_text="例如：第 12 号异议；第 34 号批次。被查阅的单位会看到。请不要写个人姓名和证件号码。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["purpose"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (one.key, f"{one.title}（须有单位授权）" if one.needs_consent else f"{one.title}：{one.hint}")
                for one in purposes(settings.PACK).values()
            ]
