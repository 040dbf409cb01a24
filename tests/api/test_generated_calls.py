"""Calls made up by machine from the description: every answer is one the description promises."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = 15


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


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_was_promised(described: BaseSchema, bearer: dict[str, str], mode: Any) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == sum(len(methods) for methods in described.raw_schema["paths"].values())
    for operation in operations:
        _try_out(operation, bearer, mode)


def _try_out(operation: APIOperation, headers: dict[str, str], mode: Any) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Case) -> None:
        # A description cannot say which cursors are ours, or that a citizen number is refused.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    try:
        call()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label  # an operation without parameters cannot be misused
