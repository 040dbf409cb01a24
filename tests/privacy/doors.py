"""Every door of the platform by name, with how it is called where persons are planted.

A new address, operation or command must stand here, or the build fails: see `test_every_door.py`. `{…}` are places
of `planted.Plant`. `names` says why a door may show a name; an unmasked number is shown by none.
"""

from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Door:
    """How a door is called: by whom, at which addresses, with what typed in (then it is a POST)."""

    who: str
    paths: tuple[str, ...]
    data: dict[str, str] | None = None
    names: str = ""
    json: dict[str, object] | None = field(default=None)


def get(who: str, *paths: str, names: str = "") -> Door:
    return Door(who, paths, names=names)


def post(who: str, path: str, names: str = "", **data: str) -> Door:
    return Door(who, (path,), data, names)


OFFICE, SECOND, MARKET, ADMIN, AUDITOR = "lin.xinyu", "zhou.ming", "he.shuo", "gu.anlan", "shen.ji"
LABOUR = "tao.ran"
OWN_WORDS = "案件各方看申请人自己写的话，原文如此；不对外公开"
HERSELF = "本人在窗口看自己的信息"

PORTAL = {
    "home": get("public", "/"),
    "search": get(
        "public", "/search?q={shop_name}", "/search?q={shop}", "/search?q=欧阳翡", "/search?q=诸葛珊",
        "/search?q=OYFC", "/search?q=承认", "/search?q={number}",
    ),
    "organisation": get("public", "/organisations/{shop}", "/organisations/{mill}", "/organisations/{number}"),
    "record": get("public", "/records/{ref}", "/records/{mill_ref}"),
    "why": get("public", "/records/{ref}/why"),
    "publicity": get("public", "/publicity"),
    "publicity_list": get("public", "/publicity/penalty", "/publicity/licence", "/publicity/serious_list"),
    "catalogue": get("public", "/catalogue"),
    "catalogue_xlsx": get("public", "/catalogue.xlsx"),
    "contract": get("public", "/catalogue/penalty", "/catalogue/licence"),
    "law": get("public", "/law"),
    "measures": get("public", "/measures", "/measures?edition=national-2021"),
    "measures_xlsx": get("public", "/measures.xlsx"),
    "measure": get("public", "/measures/demo-2026/D-1", "/measures/national-2021/I-3"),
    "lists": get("public", "/lists"),
    "one_list": get("public", "/lists/L01"),
    "memoranda": get("public", "/memoranda"),
    "law_text": get("public", "/law/penalty-law"),
    "report_verify": post("public", "/reports/verify", number="{number}"),
    "check_verify": post("public", "/checks/verify", number="{number}"),
    "check_code": get("public", "/checks/verify/{number}"),
    "report_code": get("public", "/reports/verify/{number}"),
    "rights": get("public", "/rights"),
    "objection": get("public", "/objection", "/objection?record={ref}"),
    "repair": get("public", "/repair", "/repair?record={ref}"),
    "progress": post("public", "/cases", number="{case_number}", code="AAAAAAAAAA"),
    "statistics": get("public", "/statistics"),
    "chart": get("public", "/statistics/public.svg", "/statistics/months.svg"),
    "policies": get("public", "/policies"),
    "education": get("public", "/education"),
}  # fmt: skip

DESK = {
    "start": get(OFFICE, "/desk/"),
    "login": get("public", "/desk/login"),
    "second_step": get("public", "/desk/login/code"),
    "sign_on": get("public", "/desk/login/sign-on"),
    "signed_on": get("public", "/desk/login/signed-on"),
    "logout": post(OFFICE, "/desk/logout"),
    "resume": get(OFFICE, "/desk/resume"),
    "account": get(OFFICE, "/desk/account"),
    "end_sessions": post(OFFICE, "/desk/account/sessions", step="others"),
    "password": get(OFFICE, "/desk/account/password"),
    "second_factor": get(OFFICE, "/desk/account/second-factor"),
    "second_factor_again": post(OFFICE, "/desk/account/second-factor/again"),
    "recovery_codes": post(OFFICE, "/desk/account/recovery-codes", code="000000"),
    "messages": get(OFFICE, "/desk/messages"),
    "message": post(MARKET, "/desk/messages/{desk_message}"),
    "organisation_users": get(OFFICE, "/desk/organisation-users"),
    "withdraw_code": post(OFFICE, "/desk/organisation-users/codes/1/withdraw"),
    "end_member": post(OFFICE, "/desk/organisation-users/{member}/end", reason="已离职"),
    "recover_member": post(OFFICE, "/desk/organisation-users/{member}/recover"),
    "purpose": get(OFFICE, "/desk/purpose"),
    "setup": get("public", "/desk/setup"),
    "setup_departments": get("public", "/desk/setup/departments"),
    "setup_officers": get("public", "/desk/setup/officers"),
    "upload": get(MARKET, "/desk/upload"),
    "template": get(MARKET, "/desk/templates/penalty.xlsx"),
    "deliveries": get(OFFICE, "/desk/deliveries", "/desk/deliveries?export=1"),
    "delivery": get(MARKET, "/desk/deliveries/{delivery}"),
    "columns": get(MARKET, "/desk/deliveries/{delivery}/columns"),
    "batches": get(OFFICE, "/desk/batches", "/desk/batches?export=1"),
    "batch": get(OFFICE, "/desk/batches/{batch}", "/desk/batches/{batch}?export=1"),
    "release": post(OFFICE, "/desk/batches/{batch}/release"),
    "receipt": get(MARKET, "/desk/batches/{batch}/receipt", "/desk/batches/{batch}/receipt?export=1"),
    "receipt_json": get(MARKET, "/desk/batches/{batch}/receipt.json"),
    "correction": get(MARKET, "/desk/batches/{batch}/correction.xlsx"),
    "entry": get(MARKET, "/desk/records/new", "/desk/records/new?type=penalty"),
    "find": get(MARKET, "/desk/records/find?type=penalty&q=云市监罚", "/desk/records/find?type=penalty&q=乙"),
    "record": get(OFFICE, "/desk/records/{ref}"),
    "correct": get(MARKET, "/desk/records/{ref}/correct"),
    "withdraw": get(MARKET, "/desk/records/{ref}/withdraw"),
    "propose_takedown": post(MARKET, "/desk/records/{mill_ref}/takedown", reason="疑似有误"),
    "new_case": get(OFFICE, "/desk/records/{ref}/new/objection", "/desk/records/{ref}/new/repair"),
    "determination": get(LABOUR, "/desk/records/{heavy_ref}/determination"),
    "ask_removal": get(LABOUR, "/desk/determinations/{determination}/removal"),
    "new_open_case": get(OFFICE, "/desk/cases/new/complaint", "/desk/cases/new/remedy"),
    "cases": get(OFFICE, "/desk/cases", "/desk/cases?export=1"),
    "case_cover": get(OFFICE, "/desk/cases/cover"),
    "case_results": get(OFFICE, "/desk/cases/results"),
    "case": get(OFFICE, "/desk/cases/{case}", "/desk/cases/{named_case}", names=OWN_WORDS),
    "case_step": post(OFFICE, "/desk/cases/{case}/steps/accept", names=OWN_WORDS, seen="0"),
    "case_proposal": post(SECOND, "/desk/cases/{case}/proposals/1", names=OWN_WORDS, confirm="1"),
    "case_files": post(OFFICE, "/desk/cases/{case}/files", names=OWN_WORDS),
    "case_file": get(OFFICE, "/desk/cases/{case}/files/attachment/{attachment}"),
    "case_assign": post(OFFICE, "/desk/cases/{case}/assign", names=OWN_WORDS, officer="0"),
    "case_contact": post(OFFICE, "/desk/cases/{case}/contact", names=OWN_WORDS),
    "measure_notices": get(OFFICE, "/desk/measure-notices", "/desk/measure-notices?show=served"),
    "measure_notice": get(OFFICE, "/desk/measure-notices/1"),
    "measure_notice_pdf": get(OFFICE, "/desk/measure-notices/1.pdf"),
    "serve_notice": post(OFFICE, "/desk/measure-notices/1/serve", served_on="2026-11-21", evidence="回证{number}"),
    "measure_why": get(OFFICE, "/desk/measures/1/why"),
    "measure_tasks": get(
        MARKET, "/desk/measure-tasks", "/desk/measure-tasks?show=late", "/desk/measure-tasks?export=1"
    ),
    "measure_task": get(MARKET, "/desk/measure-tasks/1"),
    "measure_step": post(MARKET, "/desk/measure-tasks/1/cannot", reason="{number}"),
    "measure_figures": get(OFFICE, "/desk/measure-figures"),
    "listed": get(OFFICE, "/desk/listed", "/desk/listed?untreated=1"),
    "note_listed": post(OFFICE, "/desk/listed/1", situation="lost", treatment="{number}"),
    "incidents": get(OFFICE, "/desk/incidents"),
    "new_incident": get(AUDITOR, "/desk/incidents/new"),
    "authorisations": get(OFFICE, "/desk/authorisations", "/desk/authorisations?code={number}"),
    "new_authorisation": get(OFFICE, "/desk/authorisations/new"),
    "authorisation": get(OFFICE, "/desk/authorisations/1"),
    "revoke_authorisation": post(OFFICE, "/desk/authorisations/1/revoke", why="{number}"),
    "confirm_stopped": post(OFFICE, "/desk/authorisations/1/stopped", note="{number}"),
    "authorisation_evidence": get(OFFICE, "/desk/authorisations/1/evidence/1"),
    "identifiers": get(
        OFFICE, "/desk/identifiers", "/desk/identifiers?kind=missing", "/desk/identifiers?closed=1",
        "/desk/identifiers?export=1",
    ),
    "check_identifiers": post(OFFICE, "/desk/identifiers/check"),
    "identifier": get(OFFICE, "/desk/identifiers/1"),
    "assign_identifier": post(OFFICE, "/desk/identifiers/1/assign", officer="1"),
    "close_identifier": post(OFFICE, "/desk/identifiers/1/close", outcome="genuine", note="{number}"),
    "commitments": get(OFFICE, "/desk/commitments", "/desk/commitments?q={shop_name}", "/desk/commitments?q={number}"),
    "take_commitment": get(MARKET, "/desk/commitments/new/food-licence"),
    "follow_up": get(MARKET, "/desk/commitments/follow-ups/1"),
    "commitment": get(MARKET, "/desk/commitments/1"),
    "commitment_copy": get(MARKET, "/desk/commitments/1/letter.pdf"),
    "end_commitment": post(MARKET, "/desk/commitments/1/end", reason="mistaken", why="登记有误"),
    "association": get(OFFICE, "/desk/associations/1"),
    "end_member_of": post(OFFICE, "/desk/associations/1/members/1/end"),
    "training": get(OFFICE, "/desk/training"),
    "training_add": get(OFFICE, "/desk/training/materials"),
    "training_material": get(OFFICE, "/desk/training/materials/1"),
    "training_remove": post(OFFICE, "/desk/training/materials/1/remove"),
    "training_certificate": get(OFFICE, "/desk/training/certificates/1"),
    "training_session": get(OFFICE, "/desk/training/1"),
    "training_cancel": post(OFFICE, "/desk/training/1/cancel"),
    "training_attended": post(OFFICE, "/desk/training/1/seats/1"),
    "archives": get(OFFICE, "/desk/archives?q={shop_name}", "/desk/archives?q=欧阳翡", "/desk/archives?q={number}"),
    "archive": get(OFFICE, "/desk/archives/{shop}", "/desk/archives/{mill}"),
    "ask_consent": get(MARKET, "/desk/archives/{shop}/ask"),
    "takedowns": get(OFFICE, "/desk/takedowns", "/desk/takedowns?export=1"),
    "takedown": post(OFFICE, "/desk/takedowns/{takedown}", step="confirm"),
    "reviews": get(OFFICE, "/desk/reviews", "/desk/reviews?export=1"),
    "review": get(OFFICE, "/desk/reviews/{review}"),
    "quality": get(OFFICE, "/desk/quality", "/desk/quality?export=1"),
    "retractions": get(OFFICE, "/desk/retractions", "/desk/retractions?export=1"),
    "retraction": get(OFFICE, "/desk/retractions/{retraction}"),
    "confirm_retraction": post(OFFICE, "/desk/retractions/{retraction}/confirm"),
    "contest_retraction": post(OFFICE, "/desk/retractions/{retraction}/contest"),
    "confirm_retractions": post(OFFICE, "/desk/recipients/{recipient}/confirm"),
    "notices": get(OFFICE, "/desk/recipients/{recipient}/notices"),
    "handovers": get(OFFICE, "/desk/handovers"),
    "give": post(OFFICE, "/desk/handovers/give", type="penalty", name="云屿县招标中心"),
    "checks": post(MARKET, "/desk/checks", code="{shop}", item="SP-XK-01", purpose="service"),
    "check_corrections": get(MARKET, "/desk/checks/corrections"),
    "put_check_right": post(MARKET, "/desk/checks/corrections/1", **{"1-what": "已恢复"}),
    "check_files": get(MARKET, "/desk/checks/files"),
    "check_file": get(MARKET, "/desk/checks/files/{check_file}"),
    "check_file_result": get(MARKET, "/desk/checks/files/{check_file}.csv"),
    "check_usage": get(OFFICE, "/desk/checks/usage"),
    "check_feedback": post(MARKET, "/desk/checks/HC990001-20261121-AAAAAAAAAA/feedback", measure="D-3"),
    "reports": post(OFFICE, "/desk/reports", code="{shop}", kind="plain", purpose="招标投标"),
    "persons": post(
        OFFICE, "/desk/persons", HERSELF, citizen_number="{number}", document="居民身份证", present="on"
    ),
    "person_extract": post(OFFICE, "/desk/persons/extract", HERSELF, token="{token}"),
    "measure_lists": get(OFFICE, "/desk/measure-lists"),
    "propose_measures": post(OFFICE, "/desk/measure-lists/propose", edition="demo-2026"),
    "decide_measures": post(SECOND, "/desk/measure-lists/1", step="confirm"),
    "exchange": get(OFFICE, "/desk/exchange"),
    "exchange_export": get(
        OFFICE, *(f"/desk/exchange/export?type={type}&first=2026-11-01&last=2026-11-30" for type in (
            "penalty", "licence", "penalty_gen1", "licence_gen1"
        ))
    ),
    "exchange_returns": post(OFFICE, "/desk/exchange/returns", type="penalty"),
    "departments": get(OFFICE, "/desk/departments", "/desk/departments?export=1"),
    "department": get(OFFICE, "/desk/departments/1"),
    "hold": post(OFFICE, "/desk/departments/1/hold"),
    "officers": get(ADMIN, "/desk/officers", "/desk/officers?export=1"),
    "officer": get(ADMIN, "/desk/officers/1"),
    "change_officer": post(ADMIN, "/desk/officers/1/change"),
    "clients": get(ADMIN, "/desk/clients"),
    "client": get(ADMIN, "/desk/clients/{client}"),
    "audit": get(AUDITOR, "/desk/audit", "/desk/audit?export=1"),
    "misuse": get(AUDITOR, "/desk/audit/misuse", "/desk/audit/misuse?export=1"),
}  # fmt: skip

CENTRE = {
    "home": get("shop", "/centre/"),
    "readers": get("shop", "/centre/readers"),
    "messages": get("shop", "/centre/messages"),
    "message": post("shop", "/centre/messages/{message}"),
    "cases": get("shop", "/centre/cases"),
    "new_case": get("shop", "/centre/cases/new/objection/{ref}", "/centre/cases/new/repair/{ref}"),
    "new_open_case": get("shop", "/centre/cases/new/complaint"),
    "case": get("shop", "/centre/cases/{case}", names=OWN_WORDS),
    "case_step": post("shop", "/centre/cases/{case}/steps/supplement", names=OWN_WORDS),
    "case_files": post("shop", "/centre/cases/{case}/files", names=OWN_WORDS),
    "case_file": get("shop", "/centre/cases/{case}/files/attachment/{attachment}"),
    "declarations": get("shop", "/centre/declarations"),
    "declare": get("shop", "/centre/declarations/new/qualification"),
    "change_declaration": get("shop", "/centre/declarations/1/change"),
    "commitments": get("shop", "/centre/commitments"),
    "sign_commitment": get("shop", "/centre/commitments/new/food-licence"),
    "commitment": get("shop", "/centre/commitments/1"),
    "commitment_copy": get("shop", "/centre/commitments/1/letter.pdf"),
    "withdraw_commitment": post("shop", "/centre/commitments/1/withdraw", why="不再经营"),
    "training": get("shop", "/centre/training"),
    "training_book": post("shop", "/centre/training/1/book"),
    "training_give_up": post("shop", "/centre/training/1/give-up"),
    "training_material": get("shop", "/centre/training/materials/1"),
    "training_certificate": get("shop", "/centre/training/certificates/1"),
    "measures": get("shop", "/centre/measures"),
    "measure_notice": get("shop", "/centre/measures/1"),
    "measure_notice_pdf": get("shop", "/centre/measures/1.pdf"),
    "electronic_service": post("shop", "/centre/measures/electronic", answer="agree"),
    "consents": get("shop", "/centre/consents"),
    "answer_consent": post("shop", "/centre/consents/requests/1", answer="decline"),
    "authorisations": get("shop", "/centre/authorisations"),
    "revoke_authorisation": post("shop", "/centre/authorisations/1/revoke"),
    "authorisation_evidence": get("shop", "/centre/authorisations/1/evidence/1"),
    "withdraw_consent": post("shop", "/centre/consents/{consent}/withdraw"),
    "users": get("shop", "/centre/users"),
    "invite": post("shop", "/centre/users/invite"),
    "change_users": post("shop", "/centre/users/change"),
    "resume": get("shop", "/centre/resume"),
    "login": get("public", "/centre/login"),
    "sign_on": get("public", "/centre/login/sign-on"),
    "signed_on": get("public", "/centre/login/signed-on"),
    "recover": get("public", "/centre/recover"),
    "logout": post("shop", "/centre/logout"),
    "register": get("public", "/centre/register"),
    "bind": get("shop", "/centre/bind"),
    "switch": post("shop", "/centre/switch"),
    "password": get("shop", "/centre/password"),
}

SITE = {
    "display": post("public", "/display", text="large"),
    "styleguide": get(OFFICE, "/desk/styleguide"),
}

API = {
    "GET /search": get("program", "/search?q={shop_name}", "/search?q=欧阳翡", "/search?q={number}"),
    "GET /organisations/{key}": get("program", "/organisations/{shop}", "/organisations/{number}"),
    "GET /organisations/{key}/records": get("program", "/organisations/{shop}/records"),
    "GET /records/{ref}": get("program", "/records/{ref}", "/records/{mill_ref}"),
    "GET /catalogue": get("program", "/catalogue"),
    "GET /catalogue/{type}": get("program", "/catalogue/penalty"),
    "GET /measures": get("program", "/measures", "/measures?executable=true&list_key=L03"),
    "GET /lists": get("program", "/lists"),
    "GET /feed": get("program", "/feed"),
    "GET /retractions": get("program", "/retractions"),
    "GET /retractions/{id}": get("program", "/retractions/{asked}"),
    "POST /retractions/{id}/acknowledge": Door("program", ("/retractions/{asked}/acknowledge",), json={"version": 1}),
    "POST /acknowledgements": Door("program", ("/acknowledgements",), json={"acknowledgements": []}),
    "GET /special/{code}": get("program", "/special/{shop}?purpose=funding&note=2026-1"),
    "POST /match/{dataset}": Door(
        "program",
        ("/match/default",),
        json={"queries": {"q": {"schema": "Company", "properties": {"name": ["欧阳翡", "诸葛珊"]}}}},
    ),
    "GET /batches": get("program", "/batches"),
    "POST /checks": Door("program", ("/checks",), json={"code": "{shop}", "item": "SP-XK-01", "purpose": "service"}),
    "POST /checks/batch": Door(
        "program", ("/checks/batch",), json={"codes": ["{number}"], "item": "SP-XK-01", "purpose": "service"}
    ),
    "POST /checks/files": post("program", "/checks/files", item="SP-XK-01", purpose="service"),
    "GET /checks/files/{id}": get("program", "/checks/files/{check_file}"),
    "GET /checks/files/{id}/result": get("program", "/checks/files/{check_file}/result"),
    "POST /checks/{number}/feedback": Door(
        "program",
        ("/checks/HC990001-20261121-AAAAAAAAAA/feedback",),
        json={"measures": [{"measure": "D-3", "outcome": "applied"}]},
    ),
    "GET /checks/keys": get("program", "/checks/keys"),
    "POST /batches": post("program", "/batches", type="penalty"),
    "GET /batches/{number}": get("program", "/batches/{batch}"),
    "GET /deliveries/{number}": get("program", "/deliveries/{delivery}"),
    "GET /receipts/{number}": get("program", "/receipts/{batch}"),
    "GET /receipts/{number}/findings": get("program", "/receipts/{batch}/findings"),
    "GET /receipts/{number}/corrections": get("program", "/receipts/{batch}/corrections"),
}

COMMANDS = {
    "check": ("check", "{shop}", "--item", "SP-XK-01", "--purpose", "service"),
    "match": ("match", "--name", "{shop_name}"),
    "receipt": ("receipt", "{batch}"),
    "show": ("show", "{shop}", "--purpose", "核对第 1 号批次"),
    "trace": ("trace", "{record_no}"),
    "why": ("why", "{record_no}"),
    "report": ("report", "{shop}", "--purpose", "招标投标", "--out", "{tmp}/report.pdf"),
    "catalogue list": ("catalogue", "list"),
    "catalogue show": ("catalogue", "show", "penalty"),
    "catalogue export": ("catalogue", "export", "--out", "{tmp}/catalogue.xlsx"),
    "client list": ("client", "list"),
    "officer list": ("officer", "list"),
    "audit verify": ("audit", "verify"),
    "vault status": ("vault", "status"),
    "identifiers check": ("identifiers", "check"),
    "ledger status": ("ledger", "status"),
    "ledger statistics": ("ledger", "statistics"),
    "ledger optimize": ("ledger", "optimize", "--all"),
    "doctor": ("doctor", "--quick"),
}
"""Commands that print what the platform holds, each also with `--json`."""

PRINT_NO_DATA = MappingProxyType(
    {
        "init": "建立数据库", "serve": "运行网站", "worker": "运行后台处理", "demo files": "生成虚构文件",
        "demo summary": "打印虚构县的数字", "demo load": "收下虚构文件", "intake": "回执由 receipt 一项代表",
        "client create": "打印新密钥", "client limit": "只说做了什么", "client rotate": "打印新密钥",
        "client revoke": "只说做了什么", "officer unlock": "只说做了什么",
        "officer reset-second-factor": "只说做了什么",
        "audit checkpoint": "打印文件位置", "vault rotate": "打印数目", "vault settle": "只说做了什么",
        "backup": "打印数目和目录", "restore": "打印数目和目录",
        "vault erase": "打印数目", "rulebook check": "读规则包，不读数据",
    }
)  # fmt: skip
"""Commands that show nothing of what was sent, and why that is so."""

NO_DOORS = MappingProxyType(
    {
        "api-v1:openapi-json": "接口说明，不读数据",
        "api-v1:api-root": "由框架给出，只转到说明",
        "None": "不存在的接口地址，回答一律相同",
    }
)
"""Addresses that read no data, and why that is so."""

ADDRESSES = {
    **{f"portal:{name}": door for name, door in PORTAL.items()},
    **{f"desk:{name}": door for name, door in DESK.items()},
    **{f"centre:{name}": door for name, door in CENTRE.items()},
    **SITE,
}
