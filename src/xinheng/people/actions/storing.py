"""Adding a row where uniqueness is the database's word."""

from django.db import IntegrityError, models, transaction
from psycopg.errors import UniqueViolation

from xinheng.base.errors import Conflict


def insert(row: models.Model, taken: str) -> None:
    """Insert `row`; Conflict with the sentence `taken` when such a row exists."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise Conflict(taken, "请核对后重新填写。") from error
