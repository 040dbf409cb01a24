"""People who act for an organisation: their logins, the organisations they act for, and what they authorised.

An organisation is known here by its credit code only; what is held on it stands in the register, above this package.
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xinheng.people.models.offices import Department, Region, User


class OrganisationUser(AbstractBaseUser):
    """A login for the organisation centre. She is no officer and opens no page of the desk."""

    username = models.CharField("登录名", max_length=50, unique=True)
    display_name = models.CharField("姓名", max_length=50)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("可登录", default=True)
    created_at = models.DateTimeField("建立时间")

    objects = BaseUserManager["OrganisationUser"]()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.display_name


class VerifiedHow(models.TextChoices):
    """How it was made sure that somebody may act for an organisation."""

    COUNTER = "counter", "窗口核验"
    INVITED = "invited", "单位负责人邀请"
    OIDC = "oidc", "统一身份认证"


class OrganisationMembership(models.Model):
    """One user acting for one organisation in one region; ended ones stay with their time.

    The holder answers for the organisation's users: invites, ends, hands over. There is one at most.
    """

    user = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, related_name="memberships")
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    is_holder = models.BooleanField("负责人", default=False)
    how = models.CharField(max_length=10, choices=VerifiedHow)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    handed_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "credit_code", "region"],
                condition=Q(revoked_at=None),
                name="membership_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["credit_code", "region"],
                condition=Q(revoked_at=None, is_holder=True),
                name="membership_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(how=VerifiedHow.COUNTER, verified_by__isnull=False, invited_by=None)
                | Q(how=VerifiedHow.INVITED, verified_by=None, invited_by__isnull=False)
                | Q(how=VerifiedHow.OIDC, verified_by=None, invited_by=None),
                name="membership_verified_one_way",
            ),
            models.CheckConstraint(
                condition=(Q(revoked_at=None) & Q(revoked_why="") & Q(handed_to=None))
                | (Q(revoked_at__isnull=False) & ~Q(revoked_why="")),
                name="membership_ended_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["credit_code", "region"], name="membership_of_organisation")]


class BindingCode(models.Model):
    """A word for one use that binds a login to an organisation; only its hash is kept.

    Handed out at the counter by an officer, or by the organisation's holder for a colleague.
    """

    credit_code = models.CharField("统一社会信用代码", max_length=18)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code_hash = models.CharField(max_length=64, unique=True)
    for_holder = models.BooleanField(default=False)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    last_day = models.DateField("最后使用日")
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_by__isnull=False, invited_by=None)
                | Q(issued_by=None, invited_by__isnull=False, for_holder=False),
                name="binding_code_issued_by_one",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="binding_code_used_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="binding_code_used_or_withdrawn"
            ),
        ]
        indexes = [models.Index(fields=["credit_code", "region"], name="binding_code_of_organisation")]


class HandOver(models.Model):
    """The holder names a successor among the organisation's users, and the successor takes over."""

    holder = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder"], condition=Q(accepted_at=None, dropped_at=None), name="hand_over_one_open"
            ),
            models.CheckConstraint(condition=~Q(holder=F("successor")), name="hand_over_to_another"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(dropped_at=None), name="hand_over_accepted_or_dropped"
            ),
        ]


class Consent(models.Model):
    """What an organisation allows somebody to read about it that is not public: for what, and until when."""

    credit_code = models.CharField("统一社会信用代码", max_length=18)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    purpose = models.CharField("用途", max_length=200)
    scope = ArrayField(models.CharField(max_length=50), verbose_name="信息类型")
    recipient_department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    recipient_name = models.CharField("查询方", max_length=200)
    purpose_code = models.CharField("用途代码", max_length=30, blank=True)
    starts = models.DateField("起始日")
    until = models.DateField("最后一日")
    given_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("starts")), name="consent_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(scope__len__gte=1), name="consent_names_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["credit_code", "region"], name="consent_of_organisation")]


class ConsentRequest(models.Model):
    """A department asks an organisation to let it read types of information for a purpose. Not answering is an answer.

    `purpose` says it in the department's own words.
    """

    credit_code = models.CharField("统一社会信用代码", max_length=18)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    purpose_code = models.CharField("用途代码", max_length=30)
    purpose = models.CharField("用途", max_length=200)
    scope = ArrayField(models.CharField(max_length=50), verbose_name="信息类型")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(OrganisationMembership, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__len__gte=1), name="consent_request_names_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, consent=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="consent_request_answered_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["credit_code", "region", "department", "purpose_code"],
                condition=Q(answered_at=None),
                name="consent_request_one_open",
            ),
        ]
