"""People, as rows of the work table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import EmailTaken, PersonMoved
from chalicelib.domain.notice import Often
from chalicelib.domain.people import AuditEvent, Person, Role
from chalicelib.store import audit as audit_rows
from chalicelib.store.work_table import WorkRow, connection, lost_race, read_cursor, write_cursor

ORG = "ORG"
# What ``save`` may write; the rest never changes.
SAVED = (
    "name", "role", "portfolios", "team", "language", "disabled", "invited_at",
    "signed_out_at", "totp", "photo_key", "phone", "mention_mail", "task_mail",
    "call_back_mail", "approval_mail",
)  # fmt: skip


class PersonRow(WorkRow):
    """``ORG`` / ``PERSON#<sub>``."""

    email = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    portfolios = UnicodeSetAttribute(null=True)
    team = UnicodeAttribute(default="")
    language = UnicodeAttribute(default="es")
    disabled = BooleanAttribute(default=False)
    invited_at = UTCDateTimeAttribute(null=True)
    last_seen_at = UTCDateTimeAttribute(null=True)
    signed_out_at = UTCDateTimeAttribute(null=True)
    totp = BooleanAttribute(default=False)
    phone = UnicodeAttribute(null=True)
    photo_key = UnicodeAttribute(default="")
    mention_mail = UnicodeAttribute(null=True)
    task_mail = UnicodeAttribute(null=True)
    call_back_mail = UnicodeAttribute(null=True)
    approval_mail = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)


class PersonStore:
    def get(self, person_id: str) -> Person | None:
        try:
            return _person(PersonRow.get(ORG, f"PERSON#{person_id}", consistent_read=True))
        except PersonRow.DoesNotExist:
            return None

    def names(self, person_ids: Iterable[str]) -> dict[str, str]:
        """Names by id, of those that are there."""
        keys = [(ORG, f"PERSON#{person_id}") for person_id in person_ids]
        rows = PersonRow.batch_get(keys, attributes_to_get=["pk", "sk", "name"]) if keys else ()
        return {row.sk.removeprefix("PERSON#"): row.name for row in rows}

    def several(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """Read people by id; those who are not there are left out."""
        keys = [(ORG, f"PERSON#{person_id}") for person_id in person_ids]
        found = (_person(row) for row in PersonRow.batch_get(keys))
        return {person.person_id: person for person in found}

    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]:
        rows = PersonRow.query(
            ORG,
            PersonRow.sk.startswith("PERSON#"),
            limit=limit,
            last_evaluated_key=read_cursor(cursor, pk=ORG),
        )
        people = [_person(row) for row in rows]
        return people, write_cursor(rows.last_evaluated_key)

    def add(self, person: Person, *, audit: AuditEvent) -> None:
        """
        Raises:
            EmailTaken: The person is there already.
        """
        try:
            with TransactWrite(connection=connection()) as write:
                write.save(_row(person), condition=PersonRow.pk.does_not_exist())
                write.save(audit_rows.row_of(audit))
        except TransactWriteError as error:
            if not lost_race(error):
                raise
            raise EmailTaken from None

    def save(
        self, before: Person, after: Person, *, audit: AuditEvent, by_admin: str | None
    ) -> Person:
        """
        Write what differs over the version that was read, together with the audit event.

        Args:
            by_admin: The person who must still be a working admin when it is written.

        Raises:
            PersonMoved: Either changed meanwhile.
        """
        try:
            with TransactWrite(connection=connection()) as write:
                write.update(
                    PersonRow(ORG, f"PERSON#{after.person_id}"),
                    actions=[
                        PersonRow.version.set(before.version + 1),
                        *(_set(name, getattr(after, name)) for name in _changed(before, after)),
                    ],
                    condition=PersonRow.version == before.version,
                )
                write.save(
                    audit_rows.row_of(audit), condition=audit_rows.AuditRow.pk.does_not_exist()
                )
                if by_admin is not None and by_admin != after.person_id:
                    write.condition_check(
                        PersonRow,
                        ORG,
                        f"PERSON#{by_admin}",
                        condition=(PersonRow.role == Role.ADMIN.value)
                        & (PersonRow.disabled == False),  # noqa: E712 (an expression of PynamoDB)
                    )
        except TransactWriteError as error:
            if not lost_race(error):
                raise
            raise PersonMoved from None
        saved = self.get(after.person_id)
        if saved is None:
            raise PersonMoved
        return saved

    def touch(
        self,
        person_id: str,
        *,
        last_seen_at: datetime | None = None,
        signed_out_at: datetime | None = None,
        totp: bool | None = None,
    ) -> None:
        """Note what happens by itself; moves no version. A person who is not there stays so."""
        facts = {"last_seen_at": last_seen_at, "signed_out_at": signed_out_at, "totp": totp}
        actions = [_set(name, value) for name, value in facts.items() if value is not None]
        try:
            PersonRow(ORG, f"PERSON#{person_id}").update(
                actions=actions, condition=PersonRow.pk.exists()
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise

    def audit_page(self, *, limit: int, cursor: str | None) -> tuple[list[AuditEvent], str | None]:
        return audit_rows.page(limit=limit, cursor=cursor)


def _changed(before: Person, after: Person) -> list[str]:
    return [name for name in SAVED if getattr(before, name) != getattr(after, name)]


def _set(name: str, value: Any) -> Any:
    attribute = getattr(PersonRow, name)
    if value is None or value == () or (name == "phone" and not value):
        return attribute.remove()
    return attribute.set(set(value) if name == "portfolios" else value)


def _row(person: Person) -> PersonRow:
    return PersonRow(
        ORG,
        f"PERSON#{person.person_id}",
        email=person.email,
        name=person.name,
        role=person.role.value,
        portfolios=set(person.portfolios) or None,
        team=person.team,
        language=person.language,
        disabled=person.disabled,
        invited_at=person.invited_at,
        last_seen_at=person.last_seen_at,
        signed_out_at=person.signed_out_at,
        totp=person.totp,
        photo_key=person.photo_key,
        phone=person.phone or None,
        mention_mail=person.mention_mail.value,
        task_mail=person.task_mail.value,
        call_back_mail=person.call_back_mail.value,
        approval_mail=person.approval_mail.value,
        version=person.version,
    )


def _person(row: PersonRow) -> Person:
    return Person(
        person_id=row.sk.removeprefix("PERSON#"),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        portfolios=tuple(sorted(row.portfolios or ())),
        team=row.team or "",
        language=row.language,
        disabled=row.disabled,
        invited_at=row.invited_at,
        last_seen_at=row.last_seen_at,
        signed_out_at=row.signed_out_at,
        totp=row.totp,
        photo_key=row.photo_key or "",
        phone=row.phone or "",
        # Who was there before these could be chosen has not chosen.
        mention_mail=Often(row.mention_mail or Often.NOW),
        task_mail=Often(row.task_mail or Often.DAILY),
        call_back_mail=Often(row.call_back_mail or Often.NOW),
        approval_mail=Often(row.approval_mail or Often.DAILY),
        version=int(row.version),
    )
