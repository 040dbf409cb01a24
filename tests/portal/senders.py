"""Rows as the market authority of the county sends them."""

from tests.world import NOW, SYSTEM, World, table

from xinheng.base.identifiers import credit_code
from xinheng.law.actions import sync_register

AUTHORITY = {"name": "云屿县市场监督管理局", "code": "119900010000084085"}
SHOP = credit_code.make("91", "990001", "MA000001")
SHOP_NAME = "云屿县浮光食品有限公司"
MILL = credit_code.make("91", "990001", "MA000002")
MILL_NAME = "云屿县浮石磨坊有限公司"
REPRESENTATIVE = "某甲乙"
CITIZEN_NUMBER = "99000119900307001X"


def organisation(code: str, name: str, **more: str) -> dict[str, str]:
    return {
        "主体名称": name,
        "统一社会信用代码": code,
        "主体类别": "企业",
        "登记状态": "存续",
        "成立日期": "2019/03/12",
        "曾用名": "",
        "法定代表人": REPRESENTATIVE,
        "登记机关": AUTHORITY["name"],
        "数据来源单位": AUTHORITY["name"],
        "数据来源单位统一社会信用代码": AUTHORITY["code"],
    } | more


def penalty(number: int, code: str = SHOP, name: str = SHOP_NAME, **more: str) -> dict[str, str]:
    return {
        "行政相对人名称": name,
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": code,
        "法定代表人": REPRESENTATIVE,
        "行政处罚决定书文号": f"云市监罚〔2026〕{number}号",
        "违法行为类型": "未执行进货查验记录制度",
        "违法事实": "现场检查时没有进货查验记录",
        "处罚依据": "《食品安全法》第一百二十六条",
        "处罚类别": "罚款",
        "处罚内容": "罚款人民币贰万元",
        "罚款金额(万元)": "2",
        "没收违法所得、没收非法财物的金额(万元)": "",
        "处罚决定日期": "2026/11/18",
        "处罚有效期": "2099/12/31",
        "处罚机关": AUTHORITY["name"],
        "处罚机关统一社会信用代码": AUTHORITY["code"],
        "数据来源单位": AUTHORITY["name"],
        "数据来源单位统一社会信用代码": AUTHORITY["code"],
    } | more


def licence(number: int, code: str = SHOP, name: str = SHOP_NAME, **more: str) -> dict[str, str]:
    return {
        "行政相对人名称": name,
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": code,
        "法定代表人": REPRESENTATIVE,
        "行政许可决定文书名称": "食品经营许可决定书",
        "行政许可决定文书号": f"云市监许〔2026〕{number}号",
        "许可类别": "普通",
        "许可内容": "热食类食品制售",
        "许可决定日期": "2026/11/16",
        "有效期自": "2026/11/16",
        "有效期至": "2031/11/15",
        "许可机关": AUTHORITY["name"],
        "许可机关统一社会信用代码": AUTHORITY["code"],
        "当前状态": "1",
        "数据来源单位": AUTHORITY["name"],
        "数据来源单位统一社会信用代码": AUTHORITY["code"],
    } | more


def send_files(world: World) -> None:
    """Two registered organisations; the shop has a penalty and a licence, and a person was fined too."""
    sync_register(pack="demo", by=SYSTEM, now=NOW)
    registered = [organisation(SHOP, SHOP_NAME, 曾用名="云屿县浮光小吃铺"), organisation(MILL, MILL_NAME)]
    world.batch(table(registered), "organisation")
    no_person = {"证件类型": "", "证件号码": ""}
    fined_person = penalty(2, "", "测试自然人", 行政相对人类别="自然人", 法定代表人="")
    identity = {"证件类型": "身份证", "证件号码": CITIZEN_NUMBER}
    world.batch(table([penalty(1) | no_person, fined_person | identity]), "penalty")
    world.batch(table([licence(1)]), "licence")
