"""The registers of organisations, as the registering bodies export them."""

from collections.abc import Iterator
from dataclasses import dataclass

from xinheng.demo.decisions import Made, Row
from xinheng.demo.names import address
from xinheng.demo.organisations import Party, Roster
from xinheng.demo.texts import Department

SCOPE = "一般项目：{word}及相关服务（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）。"


@dataclass(frozen=True)
class Registry:
    """Which body registers which kinds, and how its export looks."""

    department: str
    kinds: tuple[str, ...]
    title: str
    container: str
    headers: str
    with_departments: bool = False


REGISTRIES = (
    Registry("县市监局", ("企业",), "企业登记信息", "csv", "label"),
    Registry("县市监局", ("个体工商户",), "个体工商户登记信息", "gb18030", "label"),
    Registry("县市监局", ("合作社",), "农民专业合作社登记信息", "csv-bom", "alias"),
    Registry("县民政局", ("社会团体", "民办非企业单位", "基金会"), "社会组织登记信息", "xlsx", "label"),
    Registry("县编办", ("事业单位",), "机关事业单位登记信息", "xlsx", "label", with_departments=True),
    Registry("县农业农村局", ("村集体", "组集体"), "农村集体经济组织登记信息", "csv-bom", "starred"),
    Registry("县审批局", ("律师事务所", "工会"), "其他组织登记信息", "semicolon", "name"),
)
CATEGORIES = {
    "企业": "企业",
    "个体工商户": "个体工商户",
    "合作社": "农民专业合作社",
    "事业单位": "事业单位",
    "社会团体": "社会组织",
    "民办非企业单位": "社会组织",
    "基金会": "社会组织",
    "律师事务所": "其他",
    "工会": "其他",
    "村集体": "农村集体经济组织",
    "组集体": "农村集体经济组织",
}


def registrations(roster: Roster, registry: Registry, departments: dict[str, Department]) -> Iterator[Made]:
    """One row for every organisation the registry keeps."""
    registrar = departments[registry.department]
    if registry.with_departments:
        for number, department in enumerate(departments.values()):
            yield _department(department, registrar, number), None
    slots = roster.slots_of((), frozenset(registry.kinds))
    for layer in range(0, roster.count, 1000):
        for slot in slots:
            if layer + slot < roster.count:
                party = roster.party(layer + slot)
                yield _organisation(roster, party, registrar), party


def _organisation(roster: Roster, party: Party, registrar: Department) -> Row:
    archive = roster.archive(party.number)
    row: Row = {
        "name": party.name,
        "uscc": party.code,
        "category": CATEGORIES[party.kind],
        "org_type": _organisation_type(party),
        "status": archive.status,
        "established_on": party.established_on,
        "business_scope": SCOPE.format(word=archive.trade.word),
        "industry_code": archive.trade.industry,
        "province": "演示省",
        "area": "幻海市云屿县",
        "registration_authority": registrar.name,
        "legal_rep_name": party.representative,
        "data_source_unit": registrar.name,
        "data_source_unit_uscc": registrar.code,
    }
    if party.kind in {"企业", "合作社"}:
        row["capital"] = f"{archive.capital_wan}万元人民币"
    if party.kind != "个体工商户":
        row["address"] = archive.address
    if archive.former_name:
        row["former_names"] = archive.former_name
    if archive.cancelled_on:
        row["cancelled_on"] = archive.cancelled_on
    if party.registration_no:
        row["business_reg_no"] = party.registration_no
    if party.organisation_code:
        row["org_code"] = party.organisation_code
    return row


def _department(department: Department, registrar: Department, number: int) -> Row:
    return {
        "name": department.name,
        "uscc": department.code,
        "category": "机关" if department.code.startswith("11") else "事业单位",
        "org_type": "机关法人",
        "status": "存续",
        "province": "演示省",
        "area": "幻海市云屿县",
        "address": department.address or address(number),
        "registration_authority": registrar.name,
        "data_source_unit": registrar.name,
        "data_source_unit_uscc": registrar.code,
    }


def _organisation_type(party: Party) -> str:
    if party.kind != "企业":
        return {"合作社": "农民专业合作社"}.get(party.kind, party.kind)
    if "股份有限公司" in party.name:
        return "股份有限公司"
    if "分公司" in party.name:
        return "分公司"
    return "有限合伙企业" if "合伙" in party.name else "有限责任公司"
