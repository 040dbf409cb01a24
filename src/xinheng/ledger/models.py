"""The manifest: which batches were taken in, and which Parquet files hold their rows.

Readers open only files listed here; a file nobody lists is an orphan and is swept after a lease.
"""

from django.db import models
from django.db.models import Q

from xinheng.people.models import Department, Region, User


class Channel(models.TextChoices):
    """How a file reached us."""

    COMMAND = "command", "命令行"
    DESK = "desk", "网页上传"
    FORM = "form", "网页录入"
    API = "api", "接口"
    FOLDER = "folder", "监视目录"
    REJECTS = "rejects", "上级退回"


class Batch(models.Model):
    """One delivered file of one record type, with its counts: the receipt's first half.

    `number` and `known_at` are given together under a lock in the committing transaction, so that
    “as known on day E” is a comparison of batch numbers.
    """

    number = models.BigIntegerField(unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    type = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=Channel)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    submitted_by_client = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    known_at = models.DateTimeField()
    rows = models.BigIntegerField()
    accepted = models.BigIntegerField()
    amended = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    withdrawn = models.BigIntegerField()
    rejected = models.BigIntegerField()
    warnings = models.BigIntegerField()
    errors_total = models.BigIntegerField()
    timely = models.BigIntegerField()
    late = models.BigIntegerField()
    linked = models.BigIntegerField()
    sealed_persons = models.BigIntegerField()
    seal_key = models.BigIntegerField(null=True)
    held = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "type", "sha256"], name="same_file_taken_in_once_per_department_and_type"
            ),
            models.CheckConstraint(
                condition=Q(
                    rows=models.F("accepted") + models.F("amended") + models.F("unchanged") + models.F("rejected")
                ),
                name="every_row_of_a_batch_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn__lte=models.F("amended")), name="withdrawals_are_among_the_amendments"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None) | Q(released_at__isnull=False, held=True),
                name="only_a_held_batch_is_released",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-number"], name="batch_by_region"),
            models.Index(fields=["department", "type", "-number"], name="batch_by_department"),
        ]


class FileKind(models.TextChoices):
    """What a ledger file holds."""

    ACCEPTED = "accepted", "收下的行"
    UNCHANGED = "unchanged", "重复报送的行"
    REJECTED = "rejected", "需改正的行"
    FINDINGS = "findings", "逐条问题"
    SEALED = "sealed", "加密部分"
    SOURCE = "source", "加密原件"


class DataFile(models.Model):
    """One file of the ledger. `path` is relative to the home folder; the file is never changed.

    A file of accepted rows says whose rows it holds: region, type, the batches from first to last, and the subjects
    whose number leaves `remainder` when divided by `modulus`, from first to last. A gathered file holds rows of many
    batches and belongs to none. Readers see a file until `visible_until`; it leaves the disk after the retention.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files", null=True)
    kind = models.CharField(max_length=10, choices=FileKind)
    path = models.CharField(max_length=255, unique=True)
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True)
    type = models.CharField(max_length=40, blank=True)
    first_batch = models.BigIntegerField(null=True)
    last_batch = models.BigIntegerField(null=True)
    modulus = models.SmallIntegerField(default=1)
    remainder = models.SmallIntegerField(default=0)
    first_subject = models.BigIntegerField(null=True)
    last_subject = models.BigIntegerField(null=True)
    visible_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="accepted")
                | (Q(region__isnull=False, first_batch__isnull=False, last_batch__isnull=False) & ~Q(type="")),
                name="accepted_rows_say_of_which_region_and_type",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=False) | Q(kind="accepted"), name="only_gathered_rows_belong_to_no_batch"
            ),
            models.CheckConstraint(
                condition=Q(modulus__gte=1, remainder__gte=0, remainder__lt=models.F("modulus")),
                name="a_remainder_is_less_than_its_modulus",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "type"],
                name="accepted_rows_to_read",
                condition=Q(kind="accepted", visible_until=None),
            ),
            models.Index(fields=["visible_until"], name="retired", condition=Q(visible_until__isnull=False)),
        ]


class HoldKind(models.TextChoices):
    """Who needs that no file of the ledger leaves the disk."""

    READING = "reading", "长时间读取"
    BACKUP = "backup", "备份"


class Hold(models.Model):
    """While it lasts, no file that was visible when it was taken leaves the disk; it ends by itself at `until`."""

    kind = models.CharField(max_length=10, choices=HoldKind)
    taken_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=models.F("taken_at")), name="a_hold_ends")]
