"""Whether a measure may be carried out on a day, and if not, every reason why not, in words.

Pure: the caller brings the publications and what the legal register says. A measure acts only when all of this holds:
published as it stands, edition in force, every provision verified and in force, one of them of the rank the class
needs, object an organisation named by the provision, every trigger copied from the provision it cites.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.base.clock import format_date
from xinheng.law.queries import Article
from xinheng.measures.rules import Edition, Executable, ListRule, Measure, Trigger

RESTRAINING_LEVELS = frozenset({"law", "admin_regulation", "central_policy", "local_regulation"})
"""国办发〔2020〕49号: a restraint rests on a law, a regulation or a policy of the centre, nothing lower."""
ORGANISATION_WORDS = ("经营主体", "企业", "单位", "法人", "组织", "供应商", "投标人", "机构", "个体工商户", "公司")
PERSON_WORDS = ("自然人", "个人", "法定代表人", "负责人", "责任人", "实际控制人", "公民", "人员", "高级管理")


@dataclass(frozen=True)
class Published:
    """One publication of an edition: half-open days, and what its text was."""

    edition: str
    digest: str
    starts: date
    ends: date | None

    def covers(self, day: date) -> bool:
        """Whether the publication stands on that day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Ground:
    """Everything a judgement looks at besides the measure itself."""

    editions: Mapping[str, Edition]
    lists: Mapping[str, ListRule]
    provisions: Mapping[str, Article]
    publications: tuple[Published, ...]


def executable(measure: Measure, ground: Ground, day: date) -> Executable:
    """Whether the measure may be carried out on that day."""
    return Executable(
        (
            *_of_the_measure(measure),
            *_of_the_edition(ground.editions[measure.edition], ground, day),
            *_of_the_basis(measure, ground, day),
            *_of_the_object(measure, ground),
            *_of_the_triggers(measure, ground),
        )
    )


def _of_the_measure(measure: Measure) -> Iterator[str]:
    if measure.object_kind == "person":
        yield "对象是自然人：只作为文字保留供查阅，由主管机关依法在自己的系统里执行，本平台不触发、不执行、不答复。"
    elif measure.measure_class == "III":
        yield "由公共管理机构以外的组织自主决定是否采用，本平台不执行。"
    elif not measure.execute:
        yield "本地没有启用，只供查阅。"
    if not measure.verified:
        yield "措施的内容尚未与清单原文核对。"
    if measure.incentive and not measure.fair_competition:
        yield "没有写明公平竞争审查的意见。"
    if measure.graduated and not measure.consequence:
        yield "名单以下只能提高抽查频次（inspection）或者不适用便利措施（convenience），须写明是哪一种（consequence）。"
    elif measure.consequence and not measure.graduated:
        yield "只有分级监管措施写明 consequence。"


def _of_the_edition(edition: Edition, ground: Ground, day: date) -> Iterator[str]:
    if not edition.verified:
        yield f"《{edition.title}》的原文尚未取得或者核对。"
    elif not edition.in_force_on(day):
        yield f"《{edition.title}》在{format_date(day)}没有施行。"
    standing = [one for one in ground.publications if one.edition == edition.key and one.covers(day)]
    if not standing:
        yield f"《{edition.title}》在{format_date(day)}没有在本站公布。"
    elif all(one.digest != edition.digest for one in standing):
        yield f"《{edition.title}》公布以后内容有变动，须重新公布。"


def _of_the_basis(measure: Measure, ground: Ground, day: date) -> Iterator[str]:
    if not measure.basis:
        yield "没有写明依据的条款。"
    reliable = []
    for reference in measure.basis:
        provision = ground.provisions.get(reference)
        if provision is None:
            yield f"依据 {reference} 没有登记。"
        elif not provision.verified:
            yield f"依据{provision.shown}尚未核实。"
        elif not provision.in_force_on(day):
            yield f"依据{provision.shown}在{format_date(day)}没有生效。"
        else:
            reliable.append(provision)
    below = measure.incentive or measure.graduated
    if measure.basis and not below and not any(one.level in RESTRAINING_LEVELS for one in reliable):
        yield "依据的层级不够：惩戒措施须直接依据法律、法规或者党中央、国务院政策文件。"


def _of_the_object(measure: Measure, ground: Ground) -> Iterator[str]:
    if measure.object_kind == "person" or not measure.execute:
        return
    cited = [ground.provisions[one].summary for one in measure.basis if one in ground.provisions]
    if not any(measure.objects in summary for summary in cited):
        yield "对象与依据的条款不一致，不得超出条款所写的对象。"
    if any(word in measure.objects for word in PERSON_WORDS):
        yield "对象中有自然人，本平台只对单位执行。"
    elif not any(word in measure.objects for word in ORGANISATION_WORDS):
        yield "对象没有写明是哪一类单位。"


def _of_the_triggers(measure: Measure, ground: Ground) -> Iterator[str]:
    if not measure.execute:
        return
    if not measure.triggers:
        yield "没有写明由哪份名单或者哪一条款触发。"
    for trigger in measure.triggers:
        yield from _of_the_trigger(trigger, measure, ground)


def _of_the_trigger(trigger: Trigger, measure: Measure, ground: Ground) -> Iterator[str]:
    provision = ground.provisions.get(trigger.provision)
    if trigger.provision not in measure.basis:
        yield f"触发条件引用的 {trigger.provision} 不是本措施的依据。"
    elif provision is None or trigger.quote not in provision.summary:
        yield f"触发条件“{trigger.quote}”不是{provision.shown if provision else trigger.provision}的原话。"
    for word in trigger.grounds:
        if word not in trigger.quote:
            yield f"事由“{word}”不在触发条件抄录的原话里。"
    if not trigger.list_key:
        return
    rule = ground.lists.get(trigger.list_key)
    if rule is None:
        yield f"没有登记“{trigger.list_key}”这份名单。"
    elif not rule.public:
        yield f"“{rule.title}”是内部标签，不得触发任何措施。"
    elif not any(name in trigger.quote for name in rule.names):
        yield f"条款没有写到“{rule.title}”。"
    elif measure.incentive != (rule.kind == "honour"):
        yield f"“{rule.title}”与措施的性质不符：惩戒不由守信名单触发，激励不由失信名单触发。"
    elif measure.graduated != (rule.kind == "adverse") and not measure.incentive:
        yield _wrong_grade(measure, rule)
    elif not rule.verified:
        yield f"“{rule.title}”的规则尚未核实。"


def _wrong_grade(measure: Measure, rule: ListRule) -> str:
    """Below a list of serious dishonesty nothing but graduated supervision follows, and that from nothing else."""
    if measure.graduated:
        return f"“{rule.title}”是严重失信主体名单，分级监管措施只由名单以下的异常名录和状态触发。"
    return f"“{rule.title}”不是严重失信主体名单：只能提高抽查频次、不适用便利措施，不得引起惩戒。"


def set_off_by(measure: Measure, rule: ListRule, grounds: str, provisions: Mapping[str, Article]) -> bool:
    """Whether an entry of this list, for these reasons, sets the measure off.

    A trigger that names grounds wants one of them in the reasons; one that names no list wants its provision cited.
    """
    return any(
        _sets_off(one, rule, grounds, provisions) for one in measure.triggers if _may_concern(one, measure, rule)
    )


def concerns(measure: Measure, rule: ListRule) -> bool:
    """Whether entries of this list may set the measure off at all."""
    return any(_may_concern(one, measure, rule) for one in measure.triggers)


def _may_concern(trigger: Trigger, measure: Measure, rule: ListRule) -> bool:
    if trigger.list_key:
        return trigger.list_key == rule.key
    if measure.incentive or not rule.public or rule.kind == "honour":
        return False
    return measure.graduated == (rule.kind == "adverse")


def _sets_off(trigger: Trigger, rule: ListRule, grounds: str, provisions: Mapping[str, Article]) -> bool:
    if trigger.grounds:
        return any(one in grounds for one in trigger.grounds)
    if trigger.list_key:
        return True
    cited = provisions.get(trigger.provision)
    return cited is not None and cited.article in grounds and _plain(cited.text_title) in grounds


def _plain(title: str) -> str:
    """A text's title as decisions cite it."""
    return title.removeprefix("中华人民共和国").removesuffix("（虚构）")
