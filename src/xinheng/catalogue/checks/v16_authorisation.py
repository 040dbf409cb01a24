"""V16: special information comes in only while its subject authorises it."""

from collections.abc import Iterable

import ibis.expr.types as ir

from xinheng.catalogue.checks.check import Check, CheckContext, Condition, Explanation
from xinheng.catalogue.contract import Contract

NONE, NOT_IN_FORCE, OUTSIDE_PERIOD = "", "not_in_force", "outside_period"


class Authorised(Check):
    id = "V16"
    title = "单位授权"
    level = "error"
    citation = "国办发〔2021〕52号（未经信息主体明确授权不得对外提供）；特定信用信息经市场主体授权后归集"
    verified = False
    description = (
        "社保、纳税、公积金、水、电、气、仓储物流、知识产权等特定信用信息，只收下单位授权过这一类、授权正在有效、"
        "信息日期在授权范围之内的数据。撤回已报送的数据不需要授权。"
    )
    texts = {
        NONE: Explanation(
            "这个单位没有授权归集这一类信息，没有收下。",
            "请由单位在企业中心给出授权，或者凭书面授权在业务平台登记，然后从回执下载需改正的行重新报送（同一个文件原样再报不会重新核对）。",
        ),
        NOT_IN_FORCE: Explanation(
            "这个单位对这一类信息的授权已经撤回、到期或者还没有开始，没有收下。",
            "请停止归集；单位再次授权以后，可以从回执下载需改正的行重新报送。",
        ),
        OUTSIDE_PERIOD: Explanation(
            "“{label}”不在单位授权的信息范围之内，没有收下。", "请核对日期；确需这段时间的信息的，请单位另行授权。"
        ),
    }

    def conditions(self, contract: Contract, row: ir.Table, context: CheckContext) -> Iterable[Condition]:
        """None: authorisations are found by a join over the whole file, see `intake.authorised`."""
        return ()


CHECK = Authorised()
