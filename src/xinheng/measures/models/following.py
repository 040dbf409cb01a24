"""What follows from an entry: the notice to its subject, what departments do on it, and how far the engine has read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xinheng.people.models import Department, OrganisationMembership, Region, User
from xinheng.register.models import LifeCycle


class Notice(models.Model):
    """The notice about one entry (惩戒措施告知书): basis and reasons of everything that is to follow from it.

    Its text is kept as made. `service_id` is the kernel's row that proves its service; until then nothing is in force.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    number = models.CharField(max_length=60)
    record_no = models.BigIntegerField()
    record_id = models.BigIntegerField()
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18, blank=True)
    list_key = models.CharField(max_length=40)
    list_title = models.CharField(max_length=200)
    paragraphs = ArrayField(models.TextField())
    ends = models.DateField(null=True)
    removal_rule = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    service_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="notice_number_once"),
            models.UniqueConstraint(
                fields=["record_no"],
                condition=Q(closed_at=None, service_id=None),
                name="one_waiting_notice_of_a_record",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_reason="") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                name="notice_closed_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], condition=Q(closed_at=None, service_id=None), name="notice_to_serve"),
            models.Index(fields=["record_no"], name="notice_by_record"),
            models.Index(fields=["credit_code"], name="notice_by_organisation"),
        ]


class NoticeMeasure(models.Model):
    """One measure that a notice announces, with its basis, who carries it out, and until when."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="measures")
    measure_key = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    terms_id = models.BigIntegerField()
    basis_set_id = models.BigIntegerField()
    ends = models.DateField(null=True)
    removal_rule = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "measure_key"], name="measure_noticed_once")]


class ElectronicAgreement(models.Model):
    """An organisation agreed to be served in its centre; it may take that back at any time, for what comes after."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    credit_code = models.CharField(max_length=18)
    given_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "credit_code"], condition=Q(withdrawn_at=None), name="one_agreement_at_a_time"
            )
        ]


class TaskState(models.TextChoices):
    """Where a department stands with a measure. Whether the measure is in force is asked of its effect."""

    WAITING = "waiting", "待签收"
    ACCEPTED = "accepted", "已签收"
    EXECUTED = "executed", "已执行"
    CANNOT = "cannot", "不能执行"
    CLOSED = "closed", "措施已终止"


OPEN_TASKS = (TaskState.WAITING, TaskState.ACCEPTED)


class MeasureTask(models.Model):
    """One department asked to carry out one measure."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    effect_id = models.BigIntegerField()
    record_no = models.BigIntegerField()
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18, blank=True)
    terms_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=TaskState)
    made_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    """When the department first said anything."""
    closed_at = models.DateTimeField(null=True)
    reminders = models.SmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["effect_id", "department"], name="task_once_per_department"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | Q(state="closed")
                | (Q(answered_at__isnull=False) & ~Q(state="waiting")),
                name="answered_task_says_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) & ~Q(state="closed") | Q(closed_at__isnull=False, state="closed"),
                name="closed_task_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_on"], name="task_queue"),
            models.Index(fields=["subject_no"], name="task_by_subject"),
        ]


class Step(models.TextChoices):
    """What was done on a task."""

    ACCEPT = "accept", "签收"
    EXECUTE = "execute", "执行"
    CANNOT = "cannot", "说明不能执行"
    CLOSE = "close", "措施终止，停止执行"
    REMIND = "remind", "催办"


class TaskStep(models.Model):
    """Who did what on a task, when, and in which words; never changed."""

    task = models.ForeignKey(MeasureTask, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)


class Feedback(models.Model):
    """One time a department applied a measure: when, in which matter, for what amount, by which document."""

    task = models.ForeignKey(MeasureTask, on_delete=models.PROTECT, related_name="feedback")
    done_on = models.DateField()
    item = models.CharField(max_length=200)
    amount_fen = models.BigIntegerField(null=True)
    document_no = models.CharField(max_length=128, blank=True)
    note = models.CharField(max_length=500, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(item=""), name="feedback_names_its_matter"),
            models.CheckConstraint(
                condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="feedback_amount_not_negative"
            ),
        ]


class Correction(models.Model):
    """A department asked to put right what it did under a measure that was wrong; done when it says how."""

    task = models.OneToOneField(MeasureTask, on_delete=models.PROTECT, related_name="correction")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, what="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(what="")),
                name="correction_says_who_did_what",
            )
        ]


class Treatment(models.Model):
    """What the office found about a listed subject and what it does about it; the newest row counts."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    subject_no = models.BigIntegerField()
    situation = models.CharField(max_length=12, choices=LifeCycle)
    treatment = models.CharField(max_length=500)
    evidence = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(treatment=""), name="treatment_says_what")]
        indexes = [models.Index(fields=["subject_no", "-id"], name="treatment_by_subject")]


class FeedCursor(models.Model):
    """Up to which timepoint of the effects' feed a reader here has worked."""

    reader = models.CharField(max_length=40, unique=True)
    timepoint = models.BigIntegerField()
    ran_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(timepoint__gte=0), name="feed_cursor_not_negative")]
