"""What the search index holds of a name, and how common each token is.

Intake builds the tokens of every new or renamed organisation with `search_columns` and calls `count_tokens`
once per batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from xinheng.base.names import initials, name_key, pinyin_key, search_tokens


@dataclass(frozen=True)
class SearchColumns:
    """The columns of an organisation that follow from its names."""

    name_key: str
    initials: str
    pinyin_key: str
    tokens: list[str]


def search_columns(name: str, former_names: Iterable[str] = ()) -> SearchColumns:
    """Everything the search needs of one organisation; former names are found through the same tokens."""
    tokens = dict.fromkeys(search_tokens(name))
    for former in former_names:
        tokens.update(dict.fromkeys(search_tokens(former)))
    return SearchColumns(name_key(name), initials(name), pinyin_key(name), list(tokens))


def count_tokens(*, batch_no: int) -> None:
    """Add the tokens of the organisations that a batch brought or renamed.

    Counting a batch twice, or a kept token of a renamed organisation again, makes a count too large; that
    only changes which tokens are searched first. Best called after the batch's commit, since it locks the
    rows of common tokens.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO register_searchtoken AS known (token, organisations)
            SELECT token, count(*)
            FROM (
                SELECT unnest(o.tokens) AS token FROM register_organisation AS o
                WHERE o.created_batch_no = %(batch)s OR o.id IN (
                    SELECT organisation_id FROM register_organisationname WHERE batch_no = %(batch)s
                )
            ) AS carried
            GROUP BY token ORDER BY token
            ON CONFLICT (token) DO UPDATE SET organisations = known.organisations + excluded.organisations
            """,
            {"batch": batch_no},
        )


def counts(tokens: Iterable[str]) -> dict[str, int]:
    """How many organisations carry each token, roughly; 0 for tokens never seen."""
    wanted = list(dict.fromkeys(tokens))
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, organisations FROM register_searchtoken WHERE token = ANY(%s)", [wanted])
        return dict.fromkeys(wanted, 0) | dict(cursor.fetchall())
