"""Cases with due process: where each stands, everything that was done in it, until when the next thing must be done.

What may follow what stands in the rulebook (`procedures.py`); here stands what happened. Events, documents and
commitments are only added (migration 0002).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Department, OrganisationUser, Region, User


class CaseChannel(models.TextChoices):
    """How a case came in; all channels lead to the same case."""

    CENTRE = "centre", "企业中心"
    COUNTER = "counter", "服务窗口"
    TELEPHONE = "telephone", "电话"
    MAIL = "mail", "电子邮件"
    NATIONAL = "national", "全国统一入口"
    LOG = "log", "操作日志"
    DUTY = "duty", "依职权"


class CaseNumber(models.Model):
    """The last number given in a region, procedure and year; locked while the next one is given."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    sign = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "sign", "year"], name="case_numbers_counted_once")]


class Case(models.Model):
    """One matter. `state` is a state of the table `rule_set`, and moves only along its steps."""

    number = models.CharField("案号", max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    procedure = models.CharField(max_length=40)
    rule_set = models.CharField(max_length=100)
    state = models.CharField(max_length=40)
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18, blank=True)
    record_no = models.BigIntegerField(null=True)
    record_title = models.CharField(max_length=300, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    ground = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10, choices=CaseChannel)
    applicant = models.ForeignKey(OrganisationUser, on_delete=models.PROTECT, null=True, related_name="+")
    concerned = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    """The officer whom the case is about, where it is about what an officer did."""
    identified_by = models.CharField("核验方式", max_length=100, blank=True)
    key_id = models.BigIntegerField()
    """The data key that seals the contact, the attachments and the documents."""
    contact = models.BinaryField(null=True)
    code_hash = models.CharField(max_length=64)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    entry = models.UUIDField(unique=True)
    """The form it was opened with: sent twice, it is one case."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="case_number_once_per_region"),
            models.CheckConstraint(
                condition=Q(applicant__isnull=False, channel=CaseChannel.CENTRE)
                | (Q(applicant=None) & ~Q(channel=CaseChannel.CENTRE) & ~Q(identified_by="")),
                name="case_says_who_applied",
            ),
            models.UniqueConstraint(
                fields=["procedure", "record_no", "ground"],
                condition=Q(closed_at=None, record_no__isnull=False),
                name="one_open_case_per_record_and_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "procedure", "-id"], name="case_by_region"),
            models.Index(fields=["department", "-id"], name="case_by_department"),
            models.Index(fields=["credit_code", "-id"], name="case_by_code"),
            models.Index(fields=["record_no"], name="case_by_record"),
        ]

    @property
    def cause(self) -> str:
        """How suspensions of effects name the case."""
        return f"{self.procedure}:{self.pk}"


class CaseEvent(models.Model):
    """One step of a case: who, when, from where to where, with which words. Only added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    event = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    at = models.DateTimeField()
    party = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=50, blank=True)
    actor_name = models.CharField(max_length=100)
    proposed_by = models.CharField(max_length=100, blank=True)
    """The first of two persons, where the step needs two."""
    stated = models.JSONField(default=dict)
    """What the form of the step asked for, by field."""
    clock = models.CharField(max_length=200, blank=True)
    """The deadline this step answered, in words."""
    rule_set = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="event_by_case")]


class Deadline(models.Model):
    """Until when something must be done in a case; closed when it was, or is no longer needed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    counted_from = models.DateField()
    days = models.SmallIntegerField()
    due_on = models.DateField()
    warn_on = models.DateField()
    provisional = models.BooleanField()
    citation = models.CharField(max_length=200)
    extended_by = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)
    warned_at = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], condition=Q(closed_at=None), name="deadline_open_once"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("counted_from"), warn_on__lte=F("due_on"), days__gte=1),
                name="deadline_lies_ahead",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_at=None), name="deadline_open_by_day")]


class Proposal(models.Model):
    """A step that needs two persons, stated by the first; the second confirms or sends it back."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    event = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    stated = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(settled_at=None), name="one_open_proposal_per_case"),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(settled_by=F("proposed_by")),
                name="proposal_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, confirmed=None)
                | Q(settled_at__isnull=False, confirmed=False)
                | Q(settled_at__isnull=False, settled_by__isnull=False, confirmed=True),
                name="proposal_settled_by_somebody",
            ),
        ]


class Attachment(models.Model):
    """A file handed in; its content lies encrypted in the home folder and is only ever downloaded."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_path = models.CharField(max_length=255, unique=True)
    party = models.CharField(max_length=10)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="same_file_once_per_case")]


class CaseDocument(models.Model):
    """A numbered document that a step issued: the PDF as it was made, never made anew."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    template = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    paragraphs = ArrayField(models.TextField())
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_path = models.CharField(max_length=255, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="document_number_once")]


class RepairCommitment(models.Model):
    """The commitment (信用承诺) signed with an application for repair, in the words that were shown."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="commitment")
    text = models.TextField()
    signed_by = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    rule_key = models.CharField(max_length=60)


class ListDetermination(models.Model):
    """What a case of determination is about: the list, the penalty it rests on, and the entry it became.

    A person whom the list's law names has a determination of her own: who she is lies sealed under the case's key
    until the entry is in the vault, and nowhere else.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="determination")
    list_key = models.CharField(max_length=40)
    list_title = models.CharField(max_length=200)
    penalty_no = models.BigIntegerField()
    """The record of the penalty: the entry falls with it."""
    person_role = models.CharField(max_length=20, blank=True)
    person = models.BinaryField(null=True)
    entry_no = models.BigIntegerField(null=True)
    """The record of the entry; a person's entry has none."""
    batch_no = models.BigIntegerField(null=True)
    entered_on = models.DateField(null=True)
    removed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry_no"], name="entry_determined_once"),
            models.CheckConstraint(condition=Q(person=None) | ~Q(person_role=""), name="named_person_has_a_part"),
            models.CheckConstraint(condition=Q(person_role="") | Q(entry_no=None), name="person_never_has_a_record"),
            models.CheckConstraint(
                condition=Q(entered_on=None) | Q(person=None), name="person_entered_lies_in_the_vault_alone"
            ),
        ]
        indexes = [models.Index(fields=["penalty_no"], name="determination_by_penalty")]


class ListRemoval(models.Model):
    """Which determination a case of removal is about."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="removal")
    determination = models.ForeignKey(ListDetermination, on_delete=models.PROTECT, related_name="removals")


class LeaveCover(models.Model):
    """Who works on somebody's cases while she is away; days inclusive."""

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(officer=F("substitute")), name="leave_covered_by_another"),
        ]


class ProgressTry(models.Model):
    """One wrong attempt to read a case's progress; kept a day, to stop guessing."""

    number = models.CharField(max_length=40)
    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["number", "at"], name="try_by_number"),
            models.Index(fields=["address_hash", "at"], name="try_by_address"),
        ]
