"""The mail server from one setting."""

import pytest

from xinheng.base.errors import WrongUsage
from xinheng.site.mail import mail_settings


def test_without_an_address_nothing_is_ever_sent():
    server = mail_settings("")
    assert not server.configured
    assert server.backend == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.parametrize(
    ("address", "port", "starttls", "ssl"),
    [
        ("smtp://mail.example.com", 587, True, False),
        ("smtps://mail.example.com", 465, False, True),
        ("smtp+plain://mail.example.com:2525", 2525, False, False),
    ],
)
def test_the_scheme_says_how_it_is_encrypted(address, port, starttls, ssl):
    server = mail_settings(address)
    assert (server.host, server.port, server.starttls, server.ssl) == ("mail.example.com", port, starttls, ssl)
    assert server.backend == "django.core.mail.backends.smtp.EmailBackend"


def test_a_password_with_marks_is_read_and_not_printed():
    server = mail_settings("smtp://office:p%40ss%3Aw@mail.example.com")
    assert (server.user, server.password) == ("office", "p@ss:w")
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("address", ["mail.example.com", "http://mail.example.com", "smtp://"])
def test_what_is_no_mail_server_is_refused(address):
    with pytest.raises(WrongUsage):
        mail_settings(address)
