"""What the acts of the log are called on the auditor's page."""

LABELS = {
    "intake.receive": "收到文件",
    "intake.map": "确认列名",
    "intake.commit": "写入批次",
    "effects.publish": "公示",
    "effects.end": "终止公示",
    "effects.release": "放行批次",
    "effects.decide_severity": "确定失信等级",
    "effects.suspend": "暂停公示",
    "effects.resume": "恢复公示",
    "effects.upkeep": "每日检查",
    "takedown.propose": "提出紧急撤下",
    "takedown.confirm": "确认紧急撤下",
    "takedown.propose_lift": "提出恢复公示",
    "takedown.confirm_lift": "确认恢复公示",
    "register.link": "关联主体",
    "register.link_not_found": "记为非本地单位",
    "register.link_undone": "撤销关联",
    "register.returned_accepted": "同意再次报送",
    "register.returned_kept_out": "不再公示",
    "register.history": "查阅档案",
    "desk.read": "查阅记录",
    "list.export": "导出列表",
    "session.login": "登录",
    "region.create": "建立地区",
    "department.create": "增加部门",
    "department.update": "修改部门",
    "department.hold": "设定公示前审核",
    "officer.create": "建立账号",
    "officer.password": "设定密码",
    "officer.active": "启用或停用账号",
    "role.grant": "授予角色",
    "role.revoke": "撤销角色",
    "client.create": "登记接口程序",
    "client.revoke": "停用接口程序",
    "exchange.export": "导出上报文件",
    "exchange.returns": "导入上级退回",
    "exchange.settle": "处理上级退回",
}


def act_label(act: str) -> str:
    """The act in words; its code where there are none."""
    return LABELS.get(act, act)
