"""Regions as tenants, departments, officers, roles, and programs that call the API."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Region(models.Model):
    """An administrative division that runs or uses the platform; a tenant."""

    code = models.CharField("行政区划代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=50)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A body that supplies records or uses them, known by its credit code within one region."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("全称", max_length=200)
    short_name = models.CharField("简称", max_length=50)
    address = models.CharField("地址", max_length=200, blank=True)
    telephone = models.CharField("电话", max_length=50, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    hours = models.CharField("办公时间", max_length=100, blank=True)
    fields = ArrayField(models.CharField(max_length=50), default=list, blank=True, verbose_name="领域")
    hold_before_publication = models.BooleanField("公示前审核", default=False)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="department_code_once_per_region")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Looks users up by login name; creating one is an action."""


class User(AbstractBaseUser):
    """An officer with a login. What she may do follows from her roles, never from flags here."""

    username = models.CharField("登录名", max_length=50, unique=True)
    display_name = models.CharField("姓名", max_length=50)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("登录后须改密码", default=False)
    created_at = models.DateTimeField("建立时间")

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def roles(self) -> "frozenset[Role]":
        """The roles held now, read once per loaded user."""
        held = self.grants.filter(revoked_at=None).values_list("role", flat=True)
        return frozenset(Role(code) for code in held)


class Role(models.TextChoices):
    """Short codes kept in the database; what each may do stands in `people.permissions`."""

    COLLECTOR = "collector", "归集员"
    REVIEWER = "reviewer", "审核员"
    DECIDER = "decider", "决定人"
    INSPECTOR = "inspector", "检查员"
    CREDIT_OFFICE = "credit_office", "信用办"
    ASSOCIATION = "association", "行业协会"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"
    LEADER = "leader", "领导（只读）"


class RoleGrant(models.Model):
    """A role given to a user; withdrawn ones stay with their time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(revoked_at=None), name="role_granted_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="role_revoked_by_somebody",
            ),
        ]


class ApiClient(models.Model):
    """A department's program. Only a hash of its secret is kept.

    After a rotation the secret before works beside the new one until `previous_until`. `networks` are the addresses
    it may call from; none named means any.
    """

    name = models.CharField("名称", max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    networks = ArrayField(models.CharField(max_length=43), default=list)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(previous_hash="", previous_until=None)
                | (~Q(previous_hash="") & Q(previous_until__isnull=False)),
                name="client_previous_secret_has_an_end",
            ),
        ]
