"""Who owes and how to reach them: what people and files do to a case's debtor."""

from dataclasses import replace

from chalicelib.domain.case import Address, CaseStatus, ContactKind, ContactPoint
from chalicelib.domain.draft_change import DraftChange
from chalicelib.domain.errors import CaseVoid
from chalicelib.domain.ids import derived_id
from chalicelib.domain.names import folded
from chalicelib.domain.quick import replaced

# Whose a contact point may be by what a creditor states; the others a person found out.
STATED_PARTIES = frozenset({"debtor", "codebtor", "guarantor", "reference"})


def contact_id(case_id: str, kind: ContactKind, value: str) -> str:
    return derived_id("con", case_id, kind.value, value)


def address_id(case_id: str, address: Address) -> str:
    """Make the id of an address from its text, as people compare it."""
    text = folded(f"{address.lines} {address.city} {address.postal_code}")
    return derived_id("adr", case_id, text)


class DraftDebtor(DraftChange):
    """A draft whose debtor, contacts and addresses can be changed; see ``domain.draft``."""

    last_said: object = None  # of the debtor, by a file: its rows repeat it debt after debt

    def restore(self) -> bool:
        """
        Bring a case back that was void because the upload that made it was undone.

        Says whether there was anything to do; a case that was merged stays where it went.

        Raises:
            CaseVoid: It was merged into another.
        """
        if self._head.status is not CaseStatus.VOID:
            return False
        if self._head.merged_into is not None:
            raise CaseVoid(merged_into=self._head.merged_into)
        self._head = replace(self._head, status=CaseStatus.OPEN)
        self._tell("case.restored", {}, {})
        return True

    def describe(
        self, *, name: str | None = None, tax_id: str | None = None, city: str | None = None
    ) -> bool:
        """Correct who the debtor is; None leaves a value. Says whether anything changed."""
        self._alive()
        given = {"name": name, "tax_id": tax_id, "city": city}
        changed = {
            field: value
            for field, value in given.items()
            if value is not None and value != getattr(self._head, field)
        }
        if not changed:
            return False
        old = {f"old_{field}": str(getattr(self._head, field)) for field in changed}
        # Who has a name again, of a new debt, is nobody whose data are erased.
        erased = "" if changed.get("name") else self._head.erased
        self._head = replace(self._head, erased=erased, **changed)  # type: ignore[arg-type]
        if set(changed) - {"city"}:
            self._tell("debtor.changed", {"fields": sorted(changed)}, {**changed, **old})
        return True

    def put_contact(
        self,
        kind: ContactKind,
        value: str,
        *,
        party: str = "debtor",
        quality: str = "unverified",
        detail: str = "",
        source: str = "",
    ) -> bool:
        """
        Add a phone (E.164) or e-mail (lower case), or correct what is known of it.

        What a person found out stands: a later file that knows nothing (``unverified``)
        does not take away a better-known quality, nor that a minor or a neighbour answers there.
        Says whether anything changed.
        """
        self._alive()
        key = contact_id(self.case_id, kind, value)
        known = self._contacts.get(key)
        if known is not None and quality == "unverified":
            quality = known.quality
            party = known.party if known.party not in STATED_PARTIES else party
        point = ContactPoint(
            contact_id=key,
            kind=kind,
            value=value,
            party=party,
            quality=quality,
            detail=detail or (known.detail if known else ""),
            source=known.source if known else source,
        )
        if point == known:
            return False
        self._contacts[key] = self._put_contacts[key] = point
        facts = {"contact_id": key, "kind": kind.value, "party": party, "quality": quality}
        self._tell("contact.changed" if known else "contact.added", facts, {"value": value})
        return True

    def remove_contact(self, contact_id: str) -> None:
        self._alive()
        point = self._contacts.pop(contact_id, None)
        if point is not None:
            self._gone_contacts.append(contact_id)
            self._put_contacts.pop(contact_id, None)
            self._tell("contact.removed", {"contact_id": contact_id}, {"value": point.value})

    def put_address(self, address: Address) -> bool:
        """
        Add an address, or correct the point of one with the same text.

        ``address_id`` is made here from the text, whatever it holds. The first address gives
        the case its city when it has none. Says whether anything changed.
        """
        self._alive()
        key = address_id(self.case_id, address)
        address = replaced(address, address_id=key)
        known = self._addresses.get(key)
        if known is not None and known.radius_m is not None and address.radius_m is None:
            # Learned from visits: a file that repeats the old point does not take it away.
            address = replace(
                address,
                lat=known.lat,
                lng=known.lng,
                cell=known.cell,
                quality=known.quality,
                radius_m=known.radius_m,
                source=known.source,
            )
        if address == known:
            return False
        self._addresses[key] = self._put_addresses[key] = address
        if address.city and not self._head.city:
            self._head = replace(self._head, city=address.city)
        facts = {"address_id": key, "quality": address.quality.value}
        personal = {"lines": address.lines, "city": address.city}
        self._tell("address.changed" if known else "address.added", facts, personal)
        return True

    def remove_address(self, address_id: str) -> None:
        self._alive()
        address = self._addresses.pop(address_id, None)
        if address is not None:
            self._gone_addresses.append(address_id)
            self._put_addresses.pop(address_id, None)
            facts = {"address_id": address_id}
            self._tell("address.removed", facts, {"lines": address.lines})
