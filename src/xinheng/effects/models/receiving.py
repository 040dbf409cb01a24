"""Who holds copies of our records: recipients, what was handed to them, and what they were asked to remove."""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import ApiClient, Region


class RecipientKind(models.TextChoices):
    """By which way records reached somebody."""

    API_CLIENT = "api_client", "接口程序"
    EXPORT = "export", "导出文件"
    UPPER_PLATFORM = "upper_platform", "上级平台"
    REPORT = "report", "信用报告"


class Confirming(models.TextChoices):
    """How a recipient says that it removed a record."""

    BY_CALL = "by_call", "接口确认"
    IN_WRITING = "in_writing", "书面确认"


class Recipient(models.Model):
    """Somebody outside who was given records."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=RecipientKind)
    name = models.CharField(max_length=200)
    confirming = models.CharField(max_length=20, choices=Confirming)
    client = models.OneToOneField(ApiClient, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "name"], condition=~Q(kind="api_client"), name="recipient_once_per_region"
            ),
            models.CheckConstraint(
                condition=Q(kind="api_client", confirming="by_call", client__isnull=False)
                | (~Q(kind="api_client") & Q(confirming="in_writing", client=None)),
                name="only_programs_confirm_by_call",
            ),
        ]


class Handover(models.Model):
    """One file, report or day of calls by which record versions left the house."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    title = models.CharField(max_length=200)
    day = models.DateField(null=True)
    """Set for calls of a program only, which are counted by day."""
    at = models.DateTimeField()
    versions = models.BigIntegerField()
    valid_until = models.DateField(null=True)
    """Last day the recipient may rely on it; a copy that ran out needs no retraction."""
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="calls_of_a_day_are_one_handover")]


class HandedVersion(models.Model):
    """One record version that a recipient holds; `retracted_at` is when it was asked to remove it.

    Rows are written and closed by the hundred thousand, so references are plain numbers.
    """

    handover_id = models.BigIntegerField()
    recipient_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "recipient_id"],
                condition=Q(retracted_at=None),
                name="version_held_once_per_recipient",
            )
        ]


class RetractionCause(models.TextChoices):
    """Why a recipient is told. The last two are restored notices: what was done before was wrong."""

    ENDED = "ended", "公示提前终止"
    SUSPENDED = "suspended", "公示暂停"
    REPLACED = "replaced", "记录更正或撤回"
    WRONG = "wrong", "自始不当，须纠正"
    RESTORED = "restored", "恢复公示"


class NoticeKind(models.TextChoices):
    """What a recipient is asked to do."""

    REMOVE = "remove", "停用"
    PUT_RIGHT = "put_right", "停用并纠正"
    PUBLIC_AGAIN = "public_again", "恢复使用"


NOTICE_OF = {RetractionCause.WRONG: NoticeKind.PUT_RIGHT, RetractionCause.RESTORED: NoticeKind.PUBLIC_AGAIN}


class Retraction(models.Model):
    """One recipient told about one record version: to remove it, to put right what was done on it, or that it is
    public again. Open until it confirms; never content."""

    region_id = models.BigIntegerField()
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    record_id = models.BigIntegerField()
    effect_id = models.BigIntegerField(null=True)
    handover_id = models.BigIntegerField()
    cause = models.CharField(max_length=20, choices=RetractionCause)
    batch_no = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    due_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    contested = models.BooleanField(default=False)
    """An officer saw the copy in use after it had been confirmed."""
    reminders = models.SmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["replaced", "wrong"]) | Q(effect_id__isnull=False),
                name="retraction_names_its_effect",
            ),
            models.CheckConstraint(
                condition=Q(reminders=0, reminded_on=None) | (Q(reminders__gt=0) & Q(reminded_on__isnull=False)),
                name="reminders_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=F("written_at")),
                name="confirmed_after_written",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "id"], name="retraction_by_recipient"),
            models.Index(fields=["due_on", "id"], condition=Q(confirmed_at=None), name="open_retraction_by_due_day"),
            models.Index(fields=["record_id"], name="retraction_by_record"),
        ]

    @property
    def kind(self) -> NoticeKind:
        """What the recipient is asked to do."""
        return NOTICE_OF.get(RetractionCause(self.cause), NoticeKind.REMOVE)


class Step(models.TextChoices):
    """What happened to a retraction."""

    ACKNOWLEDGED = "acknowledged", "接口已确认"
    CONFIRMED = "confirmed", "登记书面确认"
    STILL_HELD = "still_held", "发现仍在使用"
    NOT_NEEDED = "not_needed", "已恢复公示，不需要再停用"


class RetractionStep(models.Model):
    """Who confirmed or contested a retraction, when, and on which evidence; never changed."""

    retraction_id = models.BigIntegerField(db_index=True)
    step = models.CharField(max_length=20, choices=Step)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)
