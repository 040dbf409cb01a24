"""What is wrong with the codes of organisations: findings by department, who looks after them, how they ended."""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Department, Region, User


class Kind(models.TextChoices):
    """What is wrong."""

    CHECK_DIGIT = "check_digit", "校验位不符"
    CODE_FORM = "code_form", "不是统一社会信用代码"
    ORGANISATION_PART = "organisation_part", "组织机构代码部分不符"
    CODE_NAMES = "code_names", "一码多名"
    CODE_REPEATED = "code_repeated", "同一代码重复登记"
    NAME_CODES = "name_codes", "一名多码"
    PART_CODES = "part_codes", "一个组织机构代码有多个代码"
    MISSING = "missing", "没有代码"
    OLD_CODE = "old_code", "只有旧代码"


WRONG = (Kind.CHECK_DIGIT, Kind.CODE_FORM, Kind.ORGANISATION_PART)
"""错码."""
DOUBLE = (Kind.CODE_NAMES, Kind.CODE_REPEATED, Kind.NAME_CODES, Kind.PART_CODES)
"""重码."""


class Outcome(models.TextChoices):
    """How a finding ended."""

    CORRECTED = "corrected", "已在来源改正"
    GENUINE = "genuine", "核实无误"
    NOT_OURS = "not_ours", "应由其他部门改正"
    IMPOSSIBLE = "impossible", "主体已不存在，无法改正"


class Finding(models.Model):
    """One fault of one department's rows: the same `key` of the same kind is the same finding, however often found.

    It ends by itself when a later delivery put it right, or by an officer with a reason. Found again, it is open again.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=32)
    """Which rows show it; after an officer closed it, other rows open it again."""
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "department", "kind", "key"], name="a_fault_is_found_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="", note="", closed_by=None)
                | Q(closed_at__isnull=False, outcome="corrected")
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(outcome__in=["", "corrected"])
                    & ~Q(note="")
                ),
                name="a_finding_ends_corrected_or_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("found_at")), name="a_finding_is_seen_after_it_was_found"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "kind", "-id"], condition=Q(closed_at=None), name="open_findings"),
            models.Index(fields=["assigned_to", "-id"], condition=Q(closed_at=None), name="findings_of_a_clerk"),
        ]


class Evidence(models.Model):
    """A row that shows the fault: a record of the register, or a row that was refused."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="rows")
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()
    record_no = models.BigIntegerField(null=True)
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "batch_no", "row_no"], name="a_row_shows_a_fault_once")
        ]


class Step(models.TextChoices):
    """What happened to a finding."""

    FOUND = "found", "发现"
    AGAIN = "again", "再次发现"
    ASSIGNED = "assigned", "交给经办人"
    CORRECTED = "corrected", "已在来源改正"
    CLOSED = "closed", "写明原因办结"


class FindingStep(models.Model):
    """Who did what with a finding, and when; never changed."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)


class CodeCheck(models.Model):
    """One look at all codes of a region, and up to which batch it saw."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last_batch = models.BigIntegerField()
    found = models.BigIntegerField()
    opened = models.BigIntegerField()
    corrected = models.BigIntegerField()


class Figure(models.Model):
    """What one check counted for one department: its subjects, and those at fault in one way."""

    check_run = models.ForeignKey(CodeCheck, on_delete=models.CASCADE, related_name="figures")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    subjects = models.BigIntegerField()
    faults = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_run", "department", "kind"], name="a_figure_is_counted_once")
        ]
