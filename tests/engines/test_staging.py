"""What statements share is computed once, and nothing is computed for a row that a cheaper test settles."""

import duckdb

from xinheng.engines.staging import Staged, Written

CONVERTED = 'upper("t0"."word")'
KNOWN = """CASE WHEN "t0"."word" IN ('A', 'B') THEN "t0"."word" ELSE "t0"."shared_0" || "t0"."shared_0" END"""
SHARED = Written(
    values=('"t0"."shared_1" = \'A\'', 'length("t0"."shared_1")'), parts={"shared_0": CONVERTED, "shared_1": KNOWN}
)


def answered(staged: Staged) -> list[tuple[object, ...]]:
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE words AS SELECT unnest(['A', 'b', NULL, 'B']) AS word")
        return engine.execute(f"SELECT {', '.join(staged.values)} FROM {staged.query}").fetchall()


def test_a_part_behind_a_test_stays_behind_it_when_only_one_shared_part_needs_it():
    staged = SHARED.staged("words", ["word"], [0, 1], across=True)
    assert staged.query.count("IN ('A', 'B')") == 1
    assert 'AS "shared_0"' not in staged.query
    assert staged.query.count('upper("t0"."word")') == 2


def test_a_part_that_two_values_need_on_their_own_is_computed_once():
    both = Written((*SHARED.values, '"t0"."shared_0" = \'B\''), SHARED.parts)
    staged = both.staged("words", ["word"], [0, 1, 2], across=True)
    assert staged.query.count('upper("t0"."word")') == 1


def test_staged_or_written_out_the_answers_are_the_same():
    plain = Staged("words AS t0", SHARED.inlined())
    assert answered(SHARED.staged("words", ["word"], [0, 1], across=True)) == answered(plain)
    assert answered(SHARED.staged("words", ["word"], [0, 1])) == answered(plain)
    assert answered(plain) == [(True, 1), (False, 2), (None, None), (False, 1)]
