"""What may change the legal register: taking texts over from a pack, and interning sets of provisions."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.law.models import BasisRole, BasisSet, BasisSetMember, Consultation, LegalText, Provision
from xinheng.law.reading import TextFile, read_texts

SYNC_LOCK = 7_260_101


@dataclass(frozen=True)
class RegisterSync:
    """How many texts were new, got a further version, or stayed as they were."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def sync_register(*, pack: str, by: Actor, now: datetime) -> RegisterSync:
    """Bring the register to what the pack states.

    A text that changed gets its next version with all its articles; earlier versions stay, because effects
    rest on them. Repeating the call changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SYNC_LOCK])
    current = {text.key: text for text in LegalText.objects.filter(superseded_at=None)}
    added, changed = [], []
    stated = read_texts(pack)
    for text in stated:
        known = current.get(text.key)
        if known is None:
            added.append(text.key)
        elif known.digest != text.digest:
            changed.append(text.key)
            LegalText.objects.filter(pk=known.pk).update(superseded_at=now)
            Provision.objects.filter(text=known).update(superseded_at=now)
        else:
            continue
        _write_version(text, known.version + 1 if known else 1, now)
    if added or changed:
        record(
            act="law.register_synced",
            by=by,
            now=now,
            object_type="pack",
            object_id=pack,
            detail={"added": added, "changed": changed},
        )
    return RegisterSync(len(added), len(changed), len(stated) - len(added) - len(changed))


def _write_version(text: TextFile, version: int, now: datetime) -> None:
    row = LegalText.objects.create(
        key=text.key,
        version=version,
        title=text.title,
        document_no=text.document_no,
        document_no_verified=text.document_no_verified,
        issuer=text.issuer,
        level=text.level,
        effective_from=text.effective_from,
        effective_to=text.effective_to,
        citation=text.citation,
        verified=text.verified,
        reviewed_on=text.reviewed_on,
        note=text.note,
        fictional=text.fictional,
        pack=text.pack,
        digest=text.digest,
        recorded_at=now,
    )
    Provision.objects.bulk_create(
        Provision(
            text=row,
            text_key=text.key,
            article=provision.article,
            version=version,
            position=position,
            title=provision.title,
            summary=provision.summary,
            effective_from=provision.effective_from,
            effective_to=provision.effective_to,
            citation=provision.citation,
            verified=provision.verified,
            transition=provision.transition,
            local_list_rule=provision.local_list_rule,
        )
        for position, provision in enumerate(text.provisions)
    )
    Consultation.objects.bulk_create(
        [
            Consultation(
                text_key=text.key,
                opened_on=consultation.opened_on,
                closed_on=consultation.closed_on,
                url=consultation.url,
                citation=consultation.citation,
            )
            for consultation in text.consultations
        ],
        ignore_conflicts=True,
    )


def intern_basis_set(*, members: Iterable[tuple[int, BasisRole]], now: datetime) -> int:
    """The number of the set with exactly these provisions and roles; made when it does not exist yet.

    The database refuses unverified provisions and list rules without a consultation.
    """
    chosen = sorted(set(members))
    digest = _digest(chosen)
    with transaction.atomic():
        BasisSet.objects.bulk_create([BasisSet(digest=digest, created_at=now)], ignore_conflicts=True)
        basis_set = BasisSet.objects.select_for_update().get(digest=digest)
        if not BasisSetMember.objects.filter(basis_set=basis_set).exists():
            BasisSetMember.objects.bulk_create(
                BasisSetMember(basis_set=basis_set, provision_id=provision, role=role) for provision, role in chosen
            )
    return basis_set.pk


def intern_basis_sets(*, sets: Sequence[Iterable[tuple[int, BasisRole]]], now: datetime) -> list[int]:
    """As `intern_basis_set`, for many in their order: those that exist are read at once."""
    chosen = [sorted(set(members)) for members in sets]
    digests = [_digest(members) for members in chosen]
    known = dict(BasisSet.objects.filter(digest__in=digests).values_list("digest", "pk"))
    return [
        known[digest] if digest in known else intern_basis_set(members=members, now=now)
        for digest, members in zip(digests, chosen, strict=True)
    ]


def _digest(members: Iterable[tuple[int, BasisRole]]) -> str:
    lines = sorted(f"{provision}:{role.value}" for provision, role in members)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
