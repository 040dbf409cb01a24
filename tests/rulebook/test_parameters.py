"""The shipped parameters can be relied on: each value has a source, and verified ones a registered provision."""

from datetime import date

from xinheng.catalogue.provisions import load_provisions
from xinheng.rulebook.loader import load_pack, pack_names
from xinheng.rulebook.rules import value_at


def test_the_deadline_for_publicity_is_seven_working_days() -> None:
    rule = load_pack("demo").rules()["publicity_deadline"]
    dated = value_at(rule, date(2026, 11, 21))
    assert (dated.value, rule.unit, dated.verified) == (7, "个工作日", True)


def test_every_provision_a_parameter_names_is_registered() -> None:
    for name in pack_names():
        provisions = load_provisions(load_pack(name))
        for rule in load_pack(name).rules().values():
            for dated in rule.values:
                assert dated.citation
                assert not dated.provision or dated.provision in provisions
