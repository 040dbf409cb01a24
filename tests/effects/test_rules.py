"""The publicity rules of the packs are complete and grounded in the law folder."""

from datetime import date

import pytest
from tests.effects.effects_world import NOW, SYSTEM, TODAY

from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.rules import governing_of, grounded, load_rules
from xinheng.law.actions import sync_register
from xinheng.law.queries import reliable_provisions
from xinheng.law.reading import read_texts


def test_every_published_contract_of_the_demo_county_has_a_rule():
    wanted = {contract.publication_rule for contract in load_contracts("demo").values()} - {""}

    assert wanted == set(load_rules("demo").rule_keys)


@pytest.mark.parametrize("pack", ["national", "demo"])
def test_every_provision_that_a_rule_names_is_in_the_law_folder(pack):
    known = {f"{text.key}#{one.article}" for text in read_texts(pack) for one in text.provisions}
    rules = load_rules(pack)
    named = {reference for regime in rules.regimes for reference in regime.enabling}
    named |= {one.provision for regime in rules.regimes for one in regime.predicates}
    named |= {reference for regime in rules.regimes for one in regime.classes for reference in one.governing}
    named |= {reference for _, values in rules.transitions for one in values for reference in one.governing}

    assert named <= known


@pytest.mark.django_db
def test_all_demo_rules_are_executable_and_their_governing_provisions_cover_their_days():
    sync_register(pack="demo", by=SYSTEM, now=NOW)
    provisions = reliable_provisions(PUBLIC)

    for regime in grounded(load_rules("demo"), provisions, TODAY).regimes:
        assert regime.verified, regime.key
        assert all(one.verified for one in regime.predicates), regime.key
        for one in regime.classes:
            assert one.verified == (regime.pack == "demo" or regime.key == "penalty-ndrc-527"), one
            for reference in governing_of(regime, one):
                last = regime.decided_to or date(2026, 12, 31)
                assert provisions[reference].in_force_on(regime.decided_from), (regime.key, reference)
                assert provisions[reference].in_force_on(last), (regime.key, reference)
