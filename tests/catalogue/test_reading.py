"""Stored values are shown as people write them, never as the register keeps them."""

from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read


def test_an_amount_stands_in_the_unit_of_its_label(pack):
    amount = load_contracts(pack)["penalty"].field("fine_amount_wan")
    assert amount.label == "罚款金额(万元)"
    assert as_read(amount, 6_200_000) == "6.2"
    assert as_read(amount, "20000000") == "20"


def test_a_day_is_written_as_in_documents(pack):
    day = load_contracts(pack)["penalty"].field("decision_date")
    assert as_read(day, "2026-11-07") == "2026年11月7日"


def test_text_stays_as_it_was_sent_and_nothing_stays_nothing(pack):
    text = load_contracts(pack)["penalty"].field("violation_facts")
    assert as_read(text, "现场检查时没有进货查验记录") == "现场检查时没有进货查验记录"
    assert as_read(text, None) == as_read(text, "") == ""
