"""Behind the office's own proxy that adds HTTPS, the site knows it and keeps its cookies to it."""

import os
import subprocess
import sys

QUESTION = (
    "from django.conf import settings as s; "
    "print(s.SECURE_PROXY_SSL_HEADER, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
)


def answer(proxies: str) -> str:
    environment = {**os.environ, "XINHENG_PROXIES": proxies, "DJANGO_SETTINGS_MODULE": "xinheng.site.settings"}
    asked = subprocess.run(
        [sys.executable, "-c", QUESTION], env=environment, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def test_without_a_proxy_nobody_can_claim_to_use_https():
    assert answer("0") == "None False False"


def test_behind_one_proxy_its_word_counts_and_cookies_are_secure():
    assert answer("1") == "('HTTP_X_FORWARDED_PROTO', 'https') True True"
