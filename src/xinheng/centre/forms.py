"""Forms of the organisation centre."""

from django import forms

_NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class LoginForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label="登录名", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class BindForm(forms.Form):
    """A binding code and the organisation it is for."""

    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, min_length=18)
    word = forms.CharField(
        label="绑定码",
        max_length=40,
        help_text="窗口发放的 16 位字母和数字，不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "code"}),
    )


class RegisterForm(BindForm):
    """A new login with a binding code."""

    display_name = forms.CharField(label="姓名", max_length=50)
    username = forms.CharField(
        label="登录名", max_length=50, help_text="小写字母开头，3 至 50 位字母、数字、点、横线。"
    )
    email = forms.EmailField(label="电子邮箱", required=False, help_text="有新消息时提醒您，邮件里不写内容。")
    password = forms.CharField(
        label="密码", max_length=200, widget=_NEW_PASSWORD, help_text="至少 10 个字符，不能全是数字。"
    )

    field_order = ("credit_code", "word", "display_name", "username", "password", "email")


class RecoverForm(forms.Form):
    """A new password with a word from the counter."""

    username = forms.CharField(
        label="登录名", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    word = forms.CharField(
        label="找回码",
        max_length=40,
        help_text="窗口发放的 16 位字母和数字，不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "code"}),
    )
    password = forms.CharField(
        label="新密码", max_length=200, widget=_NEW_PASSWORD, help_text="至少 10 个字符，不能全是数字。"
    )


class PasswordForm(forms.Form):
    """A new password, given the present one."""

    old = forms.CharField(
        label="原密码", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(label="新密码", max_length=200, widget=_NEW_PASSWORD, help_text="至少 10 个字符。")
