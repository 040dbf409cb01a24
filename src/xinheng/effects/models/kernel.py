"""What is in force for a subject: effects with one cause, one basis and an end, and everything done to them.

“Scheduled”, “in force” and “expired” are derived from dates. Only an early end is stored, once, and never
without a row that says who ended it, when and why. Most promises are kept by migration 0002.
"""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import User
from xinheng.register.models import Review


class Kind(models.TextChoices):
    """What an effect does."""

    PUBLICATION = "publication", "公示"
    LISTING = "listing", "列入名单"
    HONOUR = "honour", "列入守信名单"
    RESTRAINT = "restraint", "惩戒措施"
    GRADUATED = "graduated", "分级监管措施"
    INCENTIVE = "incentive", "激励措施"
    GRADE = "grade", "评价等级"
    SUPERVISION_CLASS = "supervision_class", "监管分类"


ENTRIES = (Kind.LISTING, Kind.HONOUR)
MEASURES = (Kind.RESTRAINT, Kind.GRADUATED, Kind.INCENTIVE)
FOLLOWING = (*ENTRIES, *MEASURES)
"""Kinds that follow from an entry in a list."""


class EndReason(models.TextChoices):
    """Why an effect ended before its date."""

    REPAIRED = "repaired", "信用修复"
    OBJECTION_UPHELD = "objection_upheld", "异议成立"
    CORRECTED = "corrected", "更正"
    WITHDRAWN = "withdrawn", "撤回"
    REMOVED = "removed", "移出"
    SUPERSEDED = "superseded", "被取代"
    UNFOUNDED = "unfounded", "自始不当"


NEVER_RETURNS = (EndReason.REPAIRED, EndReason.OBJECTION_UPHELD, EndReason.WITHDRAWN, EndReason.UNFOUNDED)
"""After such an end the same business key goes to a person before it can be public again."""


class SetBy(models.TextChoices):
    """Who or what fixed the severity class."""

    RULE = "rule", "按规定推出"
    STATED = "stated", "决定部门载明"
    OFFICER = "officer", "审核人员确定"


class PublicationTerms(models.Model):
    """On which terms something is public: interned, so that effects share a few hundred rows."""

    rule = models.CharField(max_length=40)
    regime = models.CharField(max_length=60)
    class_key = models.CharField(max_length=20)
    severity = models.CharField(max_length=20, blank=True)
    set_by = models.CharField(max_length=10, choices=SetBy)
    transition = models.BooleanField()
    min_months = models.SmallIntegerField()
    max_months = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "rule",
                    "regime",
                    "class_key",
                    "severity",
                    "set_by",
                    "transition",
                    "min_months",
                    "max_months",
                ],
                name="publication_terms_once",
                nulls_distinct=False,
            )
        ]


class Effect(models.Model):
    """One lawful, limited, visible effect. Half-open dates: `ends` is the first day without it.

    References without foreign keys are checked by the statement-level trigger, once per distinct value, since
    one check per row would cost more than writing the row.
    """

    region_id = models.BigIntegerField()
    subject_no = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    record_id = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=100, null=True)
    parent_id = models.BigIntegerField(null=True)
    restores_id = models.BigIntegerField(null=True)
    """The ended effect that this one makes good, because a decision found that it should not have ended."""
    basis_set_id = models.BigIntegerField()
    terms_id = models.BigIntegerField(null=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    removal_rule = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by_batch = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=EndReason)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record_id__isnull=False, decision=None, parent_id=None)
                | Q(record_id=None, decision__isnull=False, parent_id=None)
                | Q(record_id=None, decision=None, parent_id__isnull=False),
                name="effect_has_exactly_one_cause",
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=F("starts")), name="effect_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends__isnull=False) | ~Q(removal_rule=""),
                name="effect_has_an_end_or_a_removal_rule",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="early_end_states_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["listing", "restraint", "graduated"]) | Q(parent_id=None),
                name="adverse_effect_needs_a_record_or_decision",
            ),
            models.CheckConstraint(
                condition=~Q(kind="publication") | Q(terms_id__isnull=False),
                name="publication_states_its_terms",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["listing", "honour", "restraint", "graduated", "incentive"])
                | Q(terms_id__isnull=False),
                name="listing_and_measure_state_their_terms",
            ),
            models.UniqueConstraint(
                fields=["record_id", "restores_id"],
                condition=Q(kind="publication") & ~Q(end_reason="corrected"),
                name="one_publication_of_a_record_version",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["record_id", "restores_id"],
                condition=Q(kind__in=["listing", "honour"]) & ~Q(end_reason="corrected"),
                name="one_listing_of_a_record_version",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["record_id", "terms_id", "restores_id"],
                condition=Q(kind__in=["restraint", "graduated", "incentive"], record_id__isnull=False)
                & ~Q(end_reason="corrected"),
                name="one_measure_of_a_record_version",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["restores_id"], condition=Q(restores_id__isnull=False), name="ended_effect_restored_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_no"], name="effect_by_subject"),
            models.Index(fields=["ends"], condition=Q(ended_at=None), name="effect_by_end"),
            models.Index(
                fields=["terms_id"],
                condition=Q(kind__in=["restraint", "graduated", "incentive"], ended_at=None),
                name="measure_in_force_by_terms",
            ),
        ]


class Change(models.TextChoices):
    """What was done to an effect."""

    ENDED = "ended", "提前终止"
    SUSPENDED = "suspended", "暂停"
    RESUMED = "resumed", "恢复"
    RESTORED = "restored", "另行恢复"
    ANNULLED = "annulled", "认定自始不当"


class EffectChange(models.Model):
    """Who did what to an effect, when and why."""

    effect_id = models.BigIntegerField(db_index=True)
    change = models.CharField(max_length=10, choices=Change)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    reason = models.CharField(max_length=300)
    batch_no = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["effect_id"], condition=Q(change="restored"), name="change_that_restores"),
        ]


class Suspension(models.Model):
    """One cause for which an effect rests; suspended = any open row. `hides` False only marks the record."""

    effect_id = models.BigIntegerField()
    cause = models.CharField(max_length=60)
    hides = models.BooleanField()
    suspended_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["effect_id", "cause"], condition=Q(resumed_at=None), name="suspended_once_per_cause"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("suspended_at")),
                name="resumed_after_suspended",
            ),
        ]


class SeverityDecision(models.Model):
    """An officer's answer to a severity review, with the decision data it was given for.

    When an amendment changes those data, the answer no longer fits and the question is asked again.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT)
    record_no = models.BigIntegerField()
    severity = models.CharField(max_length=20)
    penalty_categories = models.CharField(max_length=300)
    procedure = models.CharField(max_length=20)
    stated = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()
    note = models.CharField(max_length=300)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_no"], condition=Q(superseded_at=None), name="one_severity_answer_per_record"
            )
        ]


class Takedown(models.Model):
    """An emergency take-down of one record: proposed by one person, confirmed by another."""

    region_id = models.BigIntegerField()
    record_no = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    lift_proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lift_proposed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="takedown_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="takedown_confirmed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(lift_proposed_by=None, lift_proposed_at=None, lift_reason="")
                | (Q(lift_proposed_by__isnull=False, lift_proposed_at__isnull=False) & ~Q(lift_reason="")),
                name="lift_states_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None)
                | (
                    Q(lifted_by__isnull=False, lifted_at__isnull=False, lift_proposed_by__isnull=False)
                    & ~Q(lifted_by=F("lift_proposed_by"))
                ),
                name="takedown_lifted_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["record_no"], condition=Q(lifted_at=None), name="one_takedown_of_a_record_at_a_time"
            ),
        ]

    @property
    def cause(self) -> str:
        """How suspensions name it."""
        return f"takedown:{self.pk}"


class PublicationTally(models.Model):
    """How many publications begin or stop on a day, appended with every change.

    The number public on day D is the sum of `delta` over `day` ≤ D: no live count reads the effects.
    """

    region_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    type = models.CharField(max_length=40)
    month = models.DateField(null=True)
    day = models.DateField()
    delta = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="tally_by_day")]


class Upkeep(models.Model):
    """One run of the daily upkeep: up to which day expiries were told."""

    day = models.DateField(unique=True)
    ran_at = models.DateTimeField()
    expired = models.BigIntegerField()
