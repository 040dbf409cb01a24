"""The shipped contracts say what the data standard says, field by field."""

import re
from typing import get_args

import pytest

from xinheng.catalogue.code_lists import load_code_lists
from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract, Required
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.items import load_items
from xinheng.catalogue.provisions import load_provisions
from xinheng.rulebook.loader import load_pack

CONTRACTS = load_contracts("demo")
LICENCE = {
    "counterparty_name": ("行政相对人名称", "XK_XDR_MC", "text", 200, "always"),
    "counterparty_category": ("行政相对人类别", "XK_XDR_LB", "enum", 16, "always"),
    "uscc": ("行政相对人代码_1(统一社会信用代码)", "XK_XDR_SHXYM", "credit_code", 18, "organisation"),
    "business_reg_no": ("行政相对人代码_2(工商注册号)", "XK_XDR_GSZC", "text", 50, "optional"),
    "org_code": ("行政相对人代码_3(组织机构代码)", "XK_XDR_ZZJG", "text", 9, "optional"),
    "tax_reg_no": ("行政相对人代码_4(税务登记号)", "XK_XDR_SWDJ", "text", 15, "optional"),
    "institution_cert_no": ("行政相对人代码_5(事业单位证书号)", "XK_XDR_SYDW", "text", 12, "optional"),
    "social_org_reg_no": ("行政相对人代码_6(社会组织登记证号)", "XK_XDR_SHZZ", "text", 50, "optional"),
    "legal_rep_name": ("法定代表人", "XK_FRDB", "text", 50, "organisation"),
    "legal_rep_id_type": ("法定代表人证件类型", "XK_FR_ZJLX", "text", 64, "optional"),
    "legal_rep_id_no": ("法定代表人证件号码", "XK_FR_SFZH", "text", 64, "optional"),
    "person_id_type": ("证件类型", "XK_XDR_ZJLX", "enum", 64, "person"),
    "person_id_no": ("证件号码", "XK_XDR_ZJHM", "text", 64, "person"),
    "decision_title": ("行政许可决定文书名称", "XK_XKWS", "text", 64, "always"),
    "decision_no": ("行政许可决定文书号", "XK_WSH", "text", 128, "always"),
    "license_category": ("许可类别", "XK_XKLB", "enum", 256, "always"),
    "certificate_name": ("许可证书名称", "XK_XKZS", "text", 64, "optional"),
    "certificate_no": ("许可编号", "XK_XKBH", "text", 64, "optional"),
    "license_content": ("许可内容", "XK_NR", "text", 4000, "always"),
    "decision_date": ("许可决定日期", "XK_JDRQ", "date", None, "always"),
    "valid_from": ("有效期自", "XK_YXQZ", "date", None, "always"),
    "valid_to": ("有效期至", "XK_YXQZI", "date", None, "always"),
    "license_authority": ("许可机关", "XK_XKJG", "text", 200, "always"),
    "license_authority_uscc": ("许可机关统一社会信用代码", "XK_XKJGDM", "credit_code", 18, "always"),
    "current_status": ("当前状态", "XK_ZT", "enum", 50, "always"),
    "data_source_unit": ("数据来源单位", "XK_LYDW", "text", 200, "always"),
    "data_source_unit_uscc": ("数据来源单位统一社会信用代码", "XK_LYDWDM", "credit_code", 18, "always"),
    "remarks": ("备注", "BZ", "text", 512, "optional"),
}
PENALTY_BEHIND_COUNTERPARTY = {
    "decision_no": ("行政处罚决定书文号", "CF_WSH", "text", 128, "always"),
    "violation_type": ("违法行为类型", "CF_WFXW", "text", 2000, "always"),
    "violation_facts": ("违法事实", "CF_SY", "text", 5000, "always"),
    "legal_basis": ("处罚依据", "CF_YJ", "text", 2000, "always"),
    "penalty_category": ("处罚类别", "CF_CFLB", "enum_set", 100, "always"),
    "penalty_content": ("处罚内容", "CF_NR", "text", 4000, "always"),
    "fine_amount_wan": ("罚款金额(万元)", "CF_NR_FK", "decimal", None, "optional"),
    "confiscated_amount_wan": (
        "没收违法所得、没收非法财物的金额(万元)",
        "CF_NR_WFFF",
        "decimal",
        None,
        "optional",
    ),
    "suspended_or_revoked_license": ("暂扣或吊销证照名称及编号", "CF_NR_ZKDX", "text", 200, "optional"),
    "decision_date": ("处罚决定日期", "CF_JDRQ", "date", None, "always"),
    "penalty_valid_to": ("处罚有效期", "CF_YXQ", "date", None, "always"),
    "publicity_end": ("公示截止期", "CF_GSJZQ", "date", None, "optional"),
    "penalty_authority": ("处罚机关", "CF_CFJG", "text", 200, "always"),
    "penalty_authority_uscc": ("处罚机关统一社会信用代码", "CF_CFJGDM", "credit_code", 18, "always"),
    "data_source_unit": ("数据来源单位", "CF_SJLY", "text", 200, "always"),
    "data_source_unit_uscc": ("数据来源单位统一社会信用代码", "CF_SJLYDM", "credit_code", 18, "always"),
    "remarks": ("备注", "BZ", "text", 512, "optional"),
}
COUNTERPARTY = list(LICENCE)[:13]
PENALTY_COUNTERPARTY_CODES = (
    "CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB"
    " CF_FR_ZJLX CF_FR_ZJHM CF_XDR_ZJLX CF_XDR_ZJHM"
)
ALL = {
    *("organisation", "licence", "penalty", "licence_gen1", "penalty_gen1", "compulsion", "confirmation"),
    *("collection", "payment", "ruling", "compensation", "award", "inspection", "serious_list"),
    *("abnormal_entry", "env_penalty_notice", "env_subject_list", "registry_detail", "case_ledger", "declaration"),
    *("commitment", "fulfilment", "honour_entry"),
    *("social_security", "tax_payment", "housing_fund", "water_use", "electricity_use", "gas_use", "logistics"),
    "ip_right",
}
every_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())


def shape(contract: Contract, names: list[str]) -> dict[str, tuple[object, ...]]:
    fields = [contract.field(name) for name in names]
    return {field.name: (field.label, field.code, field.type, field.length, field.required) for field in fields}


def test_all_record_types_are_there_in_both_packs() -> None:
    assert set(CONTRACTS) == ALL
    assert set(load_contracts("national")) == ALL


def test_the_licence_table_has_its_28_fields_in_order() -> None:
    licence = CONTRACTS["licence"]
    assert list(licence.names) == [*LICENCE, OPERATION, WITHDRAWAL_REASON]
    assert len(LICENCE) == 28
    assert shape(licence, list(LICENCE)) == LICENCE


def test_the_penalty_table_has_its_30_fields_and_two_that_the_repair_rules_need() -> None:
    penalty = CONTRACTS["penalty"]
    standard = [*COUNTERPARTY, *PENALTY_BEHIND_COUNTERPARTY]
    assert len(standard) == 30
    assert list(penalty.names) == [*standard, "procedure", "severity", OPERATION, WITHDRAWAL_REASON]
    assert shape(penalty, list(PENALTY_BEHIND_COUNTERPARTY)) == PENALTY_BEHIND_COUNTERPARTY
    assert " ".join(penalty.field(name).code for name in COUNTERPARTY) == PENALTY_COUNTERPARTY_CODES


@pytest.mark.parametrize(("key", "prefix"), [("licence", "XK"), ("penalty", "CF")])
def test_both_spellings_of_the_representatives_id_code_are_known(key: str, prefix: str) -> None:
    field = CONTRACTS[key].field("legal_rep_id_no")
    assert {f"{prefix}_FR_SFZH", f"{prefix}_FR_ZJHM"} <= {field.code, *field.aliases}


def test_the_first_generation_tables_have_their_codes() -> None:
    licence = [field.code for field in CONTRACTS["licence_gen1"].fields if field.code]
    penalty = [field.code for field in CONTRACTS["penalty_gen1"].fields if field.code]
    assert " ".join(licence) == (
        "XK_WSH XK_XMMC XK_SPLB XK_NR XK_XDR XK_XDR_SHXYM XK_XDR_ZDM XK_XDR_GSDJ XK_XDR_SWDJ XK_XDR_SFZ XK_FR"
        " XK_JDRQ XK_JZQ XK_XZJG XK_ZT DFBM SJC BZ"
    )
    assert " ".join(penalty) == (
        "CF_WSH CF_CFMC CF_CFLB1 CF_CFLB2 CF_SY CF_YJ CF_XDR_MC CF_XDR_SHXYM CF_XDR_ZDM CF_XDR_GSDJ"
        " CF_XDR_SWDJ CF_XDR_SFZ CF_FR CF_JG CF_JDRQ CF_JZRQ GSQX CF_XZJG CF_ZT DFBM SJC BZ"
    )


@every_contract
def test_every_field_names_a_known_item_and_a_registered_provision(contract: Contract) -> None:
    pack = load_pack("demo")
    items, provisions = load_items(pack), load_provisions(pack)
    for field in contract.fields:
        assert field.item in items
        assert field.provision in provisions
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
        assert field.required in get_args(Required)


@every_contract
def test_personal_columns_and_addresses_are_never_published(contract: Contract) -> None:
    for field in contract.fields:
        hidden = field.personal or field.name in ("remarks", "address", OPERATION, WITHDRAWAL_REASON)
        assert not (hidden and field.published)
        about_a_person = field.name.startswith(("legal_rep_", "person_id_"))
        assert field.personal == about_a_person


@every_contract
def test_a_row_can_say_that_it_withdraws_an_earlier_one(contract: Contract) -> None:
    assert contract.names[-2:] == (OPERATION, WITHDRAWAL_REASON)
    assert contract.field(OPERATION).values == ("新增", "撤回")


@every_contract
def test_everything_that_must_be_filled_in_has_an_example(contract: Contract) -> None:
    for field in contract.fields:
        if field.required in ("always", "organisation"):
            assert field.example, field.name


def test_nothing_is_published_from_what_is_only_collected() -> None:
    for key in ("env_penalty_notice", "env_subject_list", "registry_detail", "case_ledger"):
        assert CONTRACTS[key].publicity == "internal"
        assert CONTRACTS[key].publication_rule == ""
        assert CONTRACTS[key].published_names == ()


def test_only_acts_that_the_law_records_for_persons_take_rows_on_persons() -> None:
    sealed = {key for key, contract in CONTRACTS.items() if contract.persons == "sealed"}
    assert sealed == {"licence", "penalty", "licence_gen1", "penalty_gen1", "serious_list"}


def test_old_joint_categories_are_kept_because_suspension_and_revocation_differ() -> None:
    category = CONTRACTS["penalty"].field("penalty_category")
    synonyms = dict(category.synonyms)
    assert {"暂扣或者吊销许可证", "暂扣或者吊销执照"} <= set(category.values)
    assert synonyms["吊销营业执照"] == "吊销许可证件"
    assert category.open_value == "其他"


@pytest.mark.parametrize("key", sorted(load_code_lists(load_pack("demo"))))
def test_every_code_list_is_used(key: str) -> None:
    assert any(field.code_list == key for contract in CONTRACTS.values() for field in contract.fields)


def test_the_catalogue_has_the_13_kinds_and_the_ten_acts() -> None:
    items = load_items(load_pack("demo"))
    kinds = [item.number for item in items.values() if not item.parent and item.about_subjects]
    assert kinds == [str(number) for number in range(1, 14)]
    assert len([item for item in items.values() if item.parent == "administration"]) == 10
