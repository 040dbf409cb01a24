"""Calls made up by machine from the description: every answer is one the description promises."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.schemas import BaseSchema

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = 20


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A server closes connections between requests; the test's transaction must outlive them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(county: Any, kept_connection: None, monkeypatch: pytest.MonkeyPatch) -> BaseSchema:
    """The running interface; calls come faster than any program may make them, so nothing is put off."""
    for rate in ("PublicRate", "ClientRate"):
        monkeypatch.setattr(f"xinheng.api.access.{rate}.allow_request", lambda self, request: True)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def bearer(program: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {program().secret}"}


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_was_promised(case: Case, bearer: dict[str, str]) -> None:
    case.call_and_validate(headers=bearer)
