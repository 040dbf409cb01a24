"""The message box: what officers, departments and organisations are told."""

from django.db import models
from django.db.models import Q

from xinheng.people.models.offices import Department, Region, User


class Message(models.Model):
    """One message to exactly one officer, department or organisation. `link` is a path of this site."""

    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容", blank=True)
    link = models.CharField(max_length=200, blank=True)
    sent_by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, department=None, credit_code="")
                | Q(officer=None, department__isnull=False, credit_code="")
                | (Q(officer=None, department=None) & ~Q(credit_code="")),
                name="message_to_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex=r"^/([^/\\]|$)"), name="message_link_stays_on_this_site"
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "-id"], name="message_of_officer", condition=Q(officer__isnull=False)),
            models.Index(
                fields=["department", "-id"], name="message_of_department", condition=Q(department__isnull=False)
            ),
            models.Index(fields=["credit_code", "region", "-id"], name="message_of_org", condition=~Q(credit_code="")),
        ]
