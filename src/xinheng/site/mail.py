"""The mail server from one address: `smtp://user:password@host:port`, `smtps://…`, or `smtp+plain://…` without TLS."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from xinheng.base.errors import WrongUsage

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True)
class MailServer:
    """What Django's mail back ends need to know; without a host nothing is ever sent."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    ssl: bool = False

    @property
    def configured(self) -> bool:
        """Whether messages are told by e-mail too."""
        return bool(self.host)

    @property
    def backend(self) -> str:
        """Django's back end for this server."""
        return f"django.core.mail.backends.{'smtp' if self.host else 'dummy'}.EmailBackend"


def mail_settings(address: str) -> MailServer:
    """The server behind `XINHENG_MAIL`; an empty address means that no e-mail is sent."""
    if not address:
        return MailServer()
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise WrongUsage("XINHENG_MAIL 的写法不对。", "应为 smtp://用户:密码@主机:端口 或 smtps://…。")
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp",
        ssl=parts.scheme == "smtps",
    )
