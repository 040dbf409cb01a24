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
    """One file of the ledger. `path` is relative to the home folder; the file is never changed."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    path = models.CharField(max_length=255, unique=True)
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    visible_until = models.DateTimeField(null=True)
