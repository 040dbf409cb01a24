"""Logins that are over are forgotten each night; those in use stay."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from tests.world import NOW, PASSWORD

from xinheng.people.actions import sweep_sessions
from xinheng.people.models import OfficerSession

pytestmark = pytest.mark.django_db


def log_in(at) -> Client:
    client = Client()
    with time_machine.travel(at, tick=False):
        assert client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD})["Location"] == "/desk/"
    return client


def test_what_is_over_is_forgotten_and_what_is_in_use_stays(world):
    yesterday, present = log_in(NOW - timedelta(days=1)), log_in(NOW)
    left = log_in(NOW)
    with time_machine.travel(NOW, tick=False):
        left.post("/desk/logout")
        assert sweep_sessions(now=NOW) == 2
        assert OfficerSession.objects.get().begun_at == NOW
        assert not Session.objects.filter(expire_date__lt=NOW).exists()
        assert present.get("/desk/").status_code == 200
        assert yesterday.get("/desk/")["Location"].startswith("/desk/login")
        assert sweep_sessions(now=NOW) == 0


def test_a_login_lasts_eight_hours_however_much_it_is_used(world):
    client = log_in(NOW)
    for hours in (1, 4, 7):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            session = client.session
            session["used"] = hours
            session.save()
            assert client.get("/desk/").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=8), tick=False):
        assert client.get("/desk/")["Location"].startswith("/desk/login")
