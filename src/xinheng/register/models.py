"""Organisations with their identifiers and names, and what was decided about them: versions, never edits."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper

from xinheng.people.models import Department, Region, User

SIGNS = "()-·•・.,&'\"/+:;!?、，。《》<>“”‘’*#@~`|_=—…"
"""What stands in normalised names and is not searched; `base.names.searched_form` leaves it out too."""


class LifeCycle(models.TextChoices):
    """State of an organisation, whatever words the source used."""

    OPERATING = "operating", "存续"
    REVOKED = "revoked", "吊销，未注销"
    CANCELLED = "cancelled", "注销"
    BANKRUPT = "bankrupt", "破产"
    LOST = "lost", "失联"
    MOVED = "moved", "迁出"
    UNKNOWN = "unknown", "未登记状态"


class Organisation(models.Model):
    """One organisation; its id is the subject number that ledger rows carry.

    A row here is the fold of what the register knows now; `registered` is False while we know the
    organisation only from a decision about it.
    """

    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)
    initials = models.CharField(max_length=300)
    pinyin_key = models.CharField(max_length=300)
    tokens = ArrayField(models.TextField())
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=LifeCycle)
    registered = models.BooleanField()
    established_on = models.DateField(null=True)
    created_batch_no = models.BigIntegerField()
    searched = models.GeneratedField(
        expression=Func(F("name_key"), Value(SIGNS), Value(""), function="translate"),
        output_field=models.TextField(),
        db_persist=True,
    )
    """The name without signs, as the search compares it; PostgreSQL derives it."""

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="organisation_tokens", fastupdate=False),
            models.Index(fields=["searched"], name="organisation_beginning", opclasses=["text_pattern_ops"]),
        ]


class Identifier(models.Model):
    """A number an organisation is or was known by, with both ends of our knowing it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("credit_code", "统一社会信用代码"),
            ("organisation_code", "组织机构代码"),
            ("registration_no", "工商注册号"),
            ("tax_no", "税务登记号"),
            ("institution_no", "事业单位证书号"),
            ("social_no", "社会组织登记证号"),
        ],
    )
    value = models.CharField(max_length=50)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(known_to=None),
                name="number_names_one_organisation_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["value"], name="identifier_by_value")]


class OrganisationName(models.Model):
    """A name an organisation bears or bore."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)
    former = models.BooleanField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["name_key"], name="name_by_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(known_to=None, former=False),
                name="one_present_name_per_organisation",
            )
        ]


class SubjectLink(models.Model):
    """A provisional subject number that was found to be an organisation; ledger rows keep the number."""

    number = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=Q(known_to=None), name="number_linked_once")
        ]


class Gate(models.TextChoices):
    """Whether a record may go to a public door; everything but `open` waits for a person."""

    OPEN = "open", "可公示"
    HELD = "held", "公示前审核"
    UNLINKED = "unlinked", "主体待确认"
    RETURNED = "returned", "已撤回后再次报送，待审核"


class Record(models.Model):
    """One version of what a department stated about a subject.

    `record_no` is the identity, `id` the version. A withdrawal is a version too (`withdrawn`). The open
    version of a business key is unique, so an amendment closes one row and opens the next.
    """

    record_no = models.BigIntegerField()
    version = models.IntegerField()
    # A trigger checks both once a statement; PostgreSQL would check them twice a row.
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    type = models.CharField(max_length=40)
    key_hash = models.UUIDField()
    content_hash = models.UUIDField()
    subject_no = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    subject_code = models.CharField(max_length=50)
    link_method = models.CharField(
        max_length=12,
        choices=[
            ("code", "统一社会信用代码"),
            ("old_code", "旧代码"),
            ("name", "名称"),
            ("match", "名称比对"),
            ("officer", "人工确认"),
            ("none", "未关联"),
        ],
    )
    gate = models.CharField(max_length=10, choices=Gate)
    withdrawn = models.BooleanField()
    withdrawal_reason = models.CharField(max_length=200)
    decision_no = models.CharField(max_length=256)
    title = models.CharField(max_length=500)
    decided_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    """Last day on which it holds; of an entry that was removed the day before its removal."""
    removed_on = models.DateField(null=True)
    authority_name = models.CharField(max_length=200)
    authority_code = models.CharField(max_length=18)
    penalty_categories = models.CharField(max_length=300)
    procedure = models.CharField(max_length=20)
    severity = models.CharField(max_length=20)
    list_key = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField(null=True)
    confiscated_fen = models.BigIntegerField(null=True)
    timely = models.BooleanField(null=True)
    content = models.JSONField()
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()
    first_received_at = models.DateTimeField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "key_hash"], condition=Q(known_to=None), name="one_open_version"),
            models.UniqueConstraint(fields=["record_no", "version"], name="record_version_once"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | ~Q(withdrawal_reason=""), name="withdrawal_states_its_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_no", "type", "-decided_on"], name="record_by_subject"),
            models.Index(
                F("type"),
                F("decided_on").desc(),
                F("id").desc(),
                condition=Q(known_to=None),
                name="record_by_day",
            ),
            models.Index(
                F("department"),
                F("type"),
                F("decided_on").desc(),
                F("id").desc(),
                condition=Q(known_to=None),
                name="record_by_department",
            ),
            models.Index(fields=["batch_no", "row_no"], name="record_by_row"),
            models.Index(
                fields=["type"],
                condition=Q(known_to=None) & (Q(withdrawn=True) | Q(gate="returned")),
                name="record_not_to_come_back",
            ),
            models.Index(OpClass(Upper("decision_no"), name="text_pattern_ops"), name="record_by_decision_no"),
        ]


class ReviewKind(models.TextChoices):
    """Why a person must look."""

    LINK = "link", "主体待确认"
    SEVERITY = "severity", "失信等级待确定"
    RETURNED = "returned", "撤回后再次报送"
    NAME = "name", "代码与名称不一致"
    CODE = "code", "一码多户"
    REJECTED = "rejected", "上级平台退回"


BY_ITSELF = ("matched", "remembered")
"""Outcomes of a question that no officer had to answer: names compared the same, or an officer answered it before."""
UNANSWERED = (*BY_ITSELF, "undone")
"""Outcomes that may name no officer; who undoes a link stands in the log."""


class Review(models.Model):
    """One open question about one record, answered once: by an officer, or by itself (`BY_ITSELF`)."""

    kind = models.CharField(max_length=10, choices=ReviewKind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    record_no = models.BigIntegerField()
    batch_no = models.BigIntegerField()
    row_no = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    candidates = ArrayField(models.BigIntegerField(), default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    put_off_until = models.DateField(null=True)
    """Until that day the question stands apart from those that wait; it may be answered all the same."""
    put_off_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(put_off_until=None, put_off_by=None)
                | Q(put_off_until__isnull=False, put_off_by__isnull=False),
                name="review_put_off_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["kind", "record_no"], condition=Q(closed_at=None), name="one_open_review_per_question"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""))
                | Q(closed_at__isnull=False, closed_by=None, outcome__in=UNANSWERED),
                name="review_closed_by_somebody_with_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["region", "kind", "-id"], condition=Q(closed_at=None), name="review_queue")]


class SearchToken(models.Model):
    """How many organisations carry a search token, roughly: enough to search by the rarest ones.

    Counts only grow; a name that was given up stays counted, which makes a search slower and never wrong.
    """

    token = models.TextField(primary_key=True)
    organisations = models.BigIntegerField()
