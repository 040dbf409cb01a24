"""Training on credit and its repair: what is offered, which organisations came. Nothing else asks this package."""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import OrganisationUser, Region, User


class TrainingMaterial(models.Model):
    """A file to read, put up by the office beside the texts of the rulebook. Open to everybody, so not sealed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    title = models.CharField("名称", max_length=100)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "sha256"], condition=Q(removed_at=None), name="training_material_once"
            )
        ]


class TrainingSession(models.Model):
    """One session: when, where, for how many. A cancelled one stays with its reason."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    title = models.CharField("主题", max_length=100)
    about = models.TextField("内容")
    place = models.CharField("地点", max_length=200)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    capacity = models.SmallIntegerField("名额")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="training_has_seats"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="training_cancelled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["region", "-starts_at"], name="training_by_time")]


class TrainingSeat(models.Model):
    """One organisation's seats in a session; no name of whoever comes is kept. Who came has a certificate."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="seats")
    credit_code = models.CharField(max_length=18)
    subject_name = models.CharField(max_length=300)
    seats = models.SmallIntegerField("人数")
    booked_by = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    certificate_number = models.CharField(max_length=60, blank=True)
    certificate = models.BinaryField(null=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "credit_code"], condition=Q(given_up_at=None), name="training_booked_once"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=5), name="training_seats_one_to_five"),
            models.CheckConstraint(
                condition=Q(attended_at=None, noted_by=None, certificate=None, certificate_number="")
                | (
                    Q(attended_at__isnull=False, noted_by__isnull=False, certificate__isnull=False, given_up_at=None)
                    & ~Q(certificate_number="")
                ),
                name="training_attendance_has_its_certificate",
            ),
        ]
        indexes = [models.Index(fields=["credit_code", "-id"], name="training_by_organisation")]
