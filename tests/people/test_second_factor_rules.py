"""Codes of an authenticator app over a space of inputs: none works twice, none works late."""

from datetime import datetime, timedelta

from django_otp.oath import TOTP
from hypothesis import given
from hypothesis import strategies as st
from tests.world import NOW

from xinheng.people.second_factor import STEP_SECONDS, TOLERANCE, step_of

SECRET = b"12345678901234567890"
moments = st.timedeltas(timedelta(), timedelta(days=3650)).map(lambda since: NOW + since)


def shown(at: datetime) -> str:
    app = TOTP(SECRET)
    app.time = at.timestamp()
    return f"{app.token():06d}"


@given(moments, st.integers(-STEP_SECONDS * TOLERANCE, STEP_SECONDS * TOLERANCE))
def test_a_code_of_about_now_is_right_once(now, seconds):
    code = shown(now + timedelta(seconds=seconds))
    step = step_of(SECRET, code, now, after=0)
    assert step is not None
    again = step_of(SECRET, code, now, after=step)
    assert again is None or again > step, "only a later step that happens to show the same digits"


@given(moments, st.integers(2 * STEP_SECONDS * (TOLERANCE + 1), 10**6), st.booleans())
def test_a_code_of_another_time_is_wrong_unless_its_digits_coincide(now, seconds, earlier):
    code = shown(now + timedelta(seconds=-seconds if earlier else seconds))
    nearby = {shown(now + timedelta(seconds=STEP_SECONDS * offset)) for offset in range(-TOLERANCE, TOLERANCE + 1)}
    assert (step_of(SECRET, code, now, after=0) is None) == (code not in nearby)


@given(st.text(max_size=12))
def test_no_text_breaks_the_check(text):
    assert step_of(SECRET, text, NOW, after=0) is None or text.replace(" ", "").isdigit()
