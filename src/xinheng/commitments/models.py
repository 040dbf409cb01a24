"""Commitments signed here in the words that were shown, the tasks of looking after them, and members of associations.

What is public of a commitment is its record (`register`); paper ones are records only. Determinations are records of
type `fulfilment`, so that the history is the register's.
"""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Department, OrganisationUser, Region, User


class CommitmentEnd(models.TextChoices):
    """Why a commitment counts no longer before its last day."""

    WITHDRAWN = "withdrawn", "承诺单位撤回"
    SUPERSEDED = "superseded", "已由新的承诺代替"
    BREACHED = "breached", "认定全部未履行"
    MISTAKEN = "mistaken", "登记有误"


class SerialNumber(models.Model):
    """The last serial number given in a region on a day; locked while the next one is given."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="commitment_serial_of_a_day")]


class Commitment(models.Model):
    """One letter as it was signed. Nothing of it is edited; it may end once, with the reason."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    entry = models.UUIDField(unique=True)
    number = models.CharField("承诺编码", max_length=20, unique=True)
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18)
    item_code = models.CharField(max_length=40)
    item_title = models.CharField(max_length=200)
    template = models.CharField(max_length=40)
    template_version = models.CharField(max_length=20)
    type = models.CharField("承诺类型", max_length=64)
    reason = models.CharField("承诺事由", max_length=512)
    content = models.TextField("承诺内容")
    liability = models.TextField("违诺责任")
    publicity = models.CharField("公开类型", max_length=20)
    committed_on = models.DateField("承诺作出日期")
    valid_to = models.DateField("有效期至")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.CharField("承诺单位", max_length=300)
    signer = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, null=True, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    identified_by = models.CharField("身份核验", max_length=100, blank=True)
    signed_at = models.DateTimeField()
    record_no = models.BigIntegerField(unique=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=CommitmentEnd, blank=True)
    end_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signer__isnull=False, taken_by=None, identified_by="")
                | (Q(signer=None, taken_by__isnull=False) & ~Q(identified_by="")),
                name="commitment_signed_online_or_taken_at_the_counter",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="", end_why="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="") & ~Q(end_why="")),
                name="commitment_end_states_its_reason",
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=F("committed_on")), name="commitment_ends_after_it_began"),
        ]
        indexes = [models.Index(fields=["credit_code", "-id"], name="commitment_by_organisation")]


class FollowUpOutcome(models.TextChoices):
    """What a look at a promise showed."""

    KEPT = "kept", "全部履行"
    DOUBTED = "doubted", "可能没有履行，转入认定"
    NEEDLESS = "needless", "不再需要"


class FollowUp(models.Model):
    """One look at a promise, due on a day; one for each commitment and rule."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    record_no = models.BigIntegerField()
    commitment_no = models.CharField(max_length=20)
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18)
    title = models.CharField(max_length=512)
    rule = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=FollowUpOutcome, blank=True)
    found = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_no", "rule"], name="follow_up_once_for_a_rule"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, outcome="", found="")
                | (Q(done_at__isnull=False) & ~Q(outcome="") & ~Q(found="")),
                name="follow_up_done_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=False) | Q(outcome__in=["", "needless"]),
                name="follow_up_judged_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["region", "due_on"], condition=Q(done_at=None), name="follow_up_queue")]


class AssociationMember(models.Model):
    """An organisation that is a member of an association; ended ones stay with their time."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    association = models.ForeignKey(Department, on_delete=models.PROTECT)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("会员单位", max_length=300)
    joined_on = models.DateField("入会日期")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association", "credit_code"], condition=Q(left_at=None), name="member_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_by=None) | Q(left_at__isnull=False, left_by__isnull=False),
                name="member_left_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["credit_code"], name="member_by_organisation")]
