"""Items and sources of the packs as `rulebook check` reads them."""

from xinheng.catalogue.contracts import load_contracts
from xinheng.checks.items import business_items, sources
from xinheng.checks.proving import check_mistakes


def test_the_demo_county_states_items_and_sources_without_a_mistake():
    assert check_mistakes("demo", load_contracts("demo").keys()) == []
    assert "SP-XK-01" in business_items("demo")
    assert {one.type for one in sources("demo")} == {"serious_list", "abnormal_entry"}


def test_a_source_of_an_unknown_type_is_a_mistake():
    assert check_mistakes("demo", {"serious_list"}) == [
        "核查来源“经营异常名录（县市监局）”的信息类型 abnormal_entry 不在目录中。"
    ]


def test_a_county_without_a_list_of_its_own_has_the_general_items():
    assert check_mistakes("national", load_contracts("national").keys()) == []
    assert {"QG-XK", "QG-ZB", "QG-CG", "QG-ZJ"} <= business_items("national").keys()
    assert not any(one.verified for one in business_items("national").values())


def test_a_county_s_own_list_replaces_the_general_one():
    assert not any(code.startswith("QG-") for code in business_items("demo"))
