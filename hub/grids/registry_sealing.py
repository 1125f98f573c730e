"""What seals the registry (`registry.key` in the data folder), marks persons by number and telephone, and commits to them.

Each version of a household has a salt of its own, sealed with it. The journal holds a commitment under that salt: once row and
salt are gone, nothing can be told from it, and the chain verifies as before.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Iterable
from typing import Any, Final

from pydantic_core import from_json

from hub.errors import Refusal
from hub.grids.registry import Household, Person, Unit
from hub.grids.registry_forms import names_nobody
from hub.sealing import Box, Unsealable, derived, mark

SALT_BYTES: Final = 16
#: Fields of a person as they stand in a sealed household, in this order.
PERSON: Final = tuple(Person.model_fields)
_UNIT: Final = ("contact", "phone", "note")
Json = dict[str, Any]


class RegistryKey:
    """The hub's key of the registry."""

    def __init__(self, key: bytes) -> None:
        self.raw = key
        self._box = Box(derived(key, "registry", "rows"))
        self._marks = derived(key, "registry", "marks")

    def number_mark(self, number: str) -> str:
        """The mark of a number in normal form."""
        return "n" + base64.urlsafe_b64encode(mark(self._marks, "n" + number)[:12]).decode()

    def phone_mark(self, phone: str) -> str:
        """The mark of a telephone in normal form."""
        return "p" + base64.urlsafe_b64encode(mark(self._marks, "p" + phone)[:12]).decode()

    def marks_of(self, household: Household) -> set[str]:
        """By what the persons of a household are found."""
        found = {self.number_mark(each.number) for each in household.persons if each.number}
        return found | {self.phone_mark(each.phone) for each in household.persons if each.phone}

    def seal(self, household: Household) -> tuple[str, str]:
        """What is personal of a household as it stands in the database, and what the journal holds of it."""
        salt = os.urandom(SALT_BYTES)
        plain = packed(household)
        return self.seal_packed(household.household, salt + plain), committed(salt, plain)

    def seal_packed(self, household: str, salted: bytes) -> str:
        """What `packed` packed, behind its salt, as it stands in the database."""
        return self._box.seal(household.encode(), salted)

    def open(self, household: str, sealed: str) -> Json:
        """``{"note", "persons"}`` of a household. Raises Refusal `unavailable`."""
        note, persons = self.open_packed(household, sealed)
        return {"note": note, "persons": [dict(zip(PERSON, each, strict=True)) for each in persons]}

    def open_packed(self, household: str, sealed: str) -> tuple[str, list[list[Any]]]:
        """The note of a household, and its persons field by field in the order of `Person`. Raises Refusal `unavailable`."""
        note, persons = from_json(self._opened(household, sealed)[SALT_BYTES:])
        return note, persons

    def seal_text(self, about: str, plain: Any) -> str:
        """Something else that is personal, about one thing of the registry: a label, a unit's contact, last answers."""
        return self._box.seal(
            about.encode(), json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        )

    def open_text(self, about: str, sealed: str) -> Any:
        """What `seal_text` sealed. Raises Refusal `unavailable`."""
        return from_json(self._opened(about, sealed))

    def seal_label(self, house: str, label: str) -> tuple[str, str | None]:
        """What a house is called as it stands in the database: as it is where it names nobody, else sealed."""
        return (label, None) if names_nobody(label) else ("", self.seal_text(house, label))

    def seal_unit(self, unit: Unit) -> str:
        """What is personal of a unit."""
        return self.seal_text(unit.unit, [getattr(unit, name) for name in _UNIT])

    def open_unit(self, unit: str, sealed: str) -> Json:
        """What `seal_unit` sealed, by name. Raises Refusal `unavailable`."""
        return dict(zip(_UNIT, self.open_text(unit, sealed), strict=True))

    def _opened(self, about: str, sealed: str) -> bytes:
        try:
            return self._box.open(about.encode(), sealed)
        except Unsealable:
            raise Refusal("unavailable", "the key of the registry is another one; see the operator") from None


def packed(household: Household) -> bytes:
    """What is personal of a household as bytes, always the same."""
    persons = [[getattr(each, name) for name in PERSON] for each in household.persons]
    return json.dumps([household.note, persons], ensure_ascii=False, separators=(",", ":")).encode()


def committed(salt: bytes, plain: bytes) -> str:
    """A salted digest, hex: whoever has row and salt can show that the entry is about them, nobody else anything."""
    return hmac.digest(salt, plain, "sha256").hex()


def together(commitments: Iterable[str]) -> str:
    """One commitment for many, in their order."""
    whole = hmac.new(b"registry", digestmod="sha256")
    for each in commitments:
        whole.update(bytes.fromhex(each))
    return whole.hexdigest()
