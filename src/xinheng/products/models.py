"""Credit reports that were issued. The file itself is not kept, only what is needed to know it again."""

from django.db import models
from django.db.models import F, Q

from xinheng.effects.models import Handover
from xinheng.people.models import Region


class ReportKind(models.TextChoices):
    """What a report says."""

    PLAIN = "plain", "普通版"
    CLEAN = "clean", "无违法违规记录版"


class IssuedReport(models.Model):
    """One report: for which organisation, what it stood on, who issued it and what for."""

    number = models.CharField(max_length=40, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=ReportKind)
    organisation_id = models.BigIntegerField(db_index=True)
    organisation_name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, db_index=True)
    purpose = models.CharField(max_length=200)
    issued_by_kind = models.CharField(max_length=10)
    issued_by_id = models.CharField(max_length=50, blank=True)
    issued_by_name = models.CharField(max_length=100)
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    content_digest = models.CharField(max_length=64)
    file_digest = models.CharField(max_length=64, unique=True)
    handover = models.OneToOneField(Handover, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(credit_code=""), name="report_is_of_an_organisation_with_a_code"),
            models.CheckConstraint(condition=~Q(purpose=""), name="report_states_its_purpose"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_at__date")), name="report_is_valid_when_issued"
            ),
        ]
