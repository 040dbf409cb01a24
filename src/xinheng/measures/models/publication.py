"""The publications of an edition of measures: who proposed it, who confirmed it, and what its text was."""

from django.db import models
from django.db.models import F, Q

from xinheng.people.models import Region, User


class ListPublication(models.Model):
    """One publication of an edition in one region: `digest` is of the text that was published.

    Half-open days: public from `starts` until the day before `ends`. A row is confirmed, withdrawn or dropped once
    and otherwise never edited (migration 0001).
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    edition = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    """Who withdrew the publication, dropped the proposal, or confirmed what replaced it."""
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="list_publication_names_its_text"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None, starts=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, starts__isnull=False),
                name="list_publication_confirmed_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="list_publication_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None, closing_reason="")
                | (Q(closed_by__isnull=False, closed_at__isnull=False) & ~Q(closing_reason="")),
                name="list_publication_closed_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends=None, closed_at=None)
                | Q(ends=None, confirmed_at=None)
                | Q(ends__gte=F("starts"), closed_at__isnull=False, confirmed_at__isnull=False),
                name="list_publication_ends_when_it_is_closed",
            ),
            models.UniqueConstraint(
                fields=["region", "edition"],
                condition=Q(confirmed_at=None, closed_at=None),
                name="one_open_list_proposal",
            ),
            models.UniqueConstraint(
                fields=["region", "edition"],
                condition=Q(confirmed_at__isnull=False, closed_at=None),
                name="one_standing_list_publication",
            ),
        ]
