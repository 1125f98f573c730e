"""What seals answers of visits: each sweep, and each month of visits outside of any, has a key, sealed under the registry's.

With that key gone, what was answered is gone, and the commitments in the journal are worth nothing.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic_core import from_json

from hub.errors import Refusal
from hub.grids.answer_marks import BUCKETS, bucket_of, to_mark
from hub.sealing import Box, Unsealable, derived, mark

KEY_BYTES: Final = 32
#: Of a mark: among a thousand and a half households and a dozen answers none is another's by chance.
MARK_BYTES: Final = 8


class AnswersKey:
    """The hub's key of answers, made from that of the registry."""

    def __init__(self, registry_key: bytes) -> None:
        self._keys = Box(derived(registry_key, "answers", "keys"))
        self._known = Box(derived(registry_key, "answers", "known"))
        self._marks = derived(registry_key, "answers", "marks")

    def fresh(self, about: str) -> str:
        """A new key, as it stands in the database."""
        return self._keys.seal(about.encode(), os.urandom(KEY_BYTES))

    def open(self, about: str, sealed: str) -> AnswerKey:
        """Raises Refusal `unavailable` where the registry's key is another one."""
        return AnswerKey(_opened(self._keys, about, sealed))

    def seal_known(self, household: str, known: Mapping[str, list[str]]) -> str:
        """Field -> [value, moment] of what was answered last."""
        return self._known.seal(household.encode(), _packed(known))

    def open_known(self, household: str, sealed: str) -> dict[str, list[str]]:
        """What `seal_known` sealed. Raises Refusal `unavailable`."""
        found: dict[str, list[str]] = from_json(_opened(self._known, household, sealed))
        return found

    def marks_of(self, household: str, known: Mapping[str, Sequence[Any]]) -> set[str]:
        """By what a household is found that was answered so last."""
        bucket = bucket_of(household)
        return {self._mark(bucket, *answer) for answer in set(to_mark(known))}

    def marks_for(self, answers: Iterable[tuple[str, str]]) -> list[str]:
        """Every mark that a household with one of these answers may have."""
        return [self._mark(bucket, *answer) for answer in answers for bucket in range(BUCKETS)]

    def _mark(self, bucket: int, field: str, answer: str) -> str:
        return mark(self._marks, f"{bucket} {field}={answer}")[:MARK_BYTES].hex()


class AnswerKey:
    """The key of one sweep's answers."""

    def __init__(self, key: bytes) -> None:
        self._words = Box(derived(key, "answers", "words"))
        self._salt = derived(key, "answers", "salt")

    def commit(self, about: str, said: Mapping[str, Any]) -> str:
        """What the journal holds of them, hex: the same for the same visit sent again."""
        return hmac.digest(self._salt, about.encode() + b"\0" + _packed(said), "sha256").hex()

    def seal(self, household: str, said: Mapping[str, Any]) -> str:
        """As they stand in the database."""
        return self._words.seal(household.encode(), _packed(said))

    def open(self, household: str, sealed: str) -> dict[str, Any]:
        """What `seal` sealed. Raises Refusal `unavailable`."""
        found: dict[str, Any] = from_json(_opened(self._words, household, sealed))
        return found


def _packed(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _opened(box: Box, about: str, sealed: str) -> bytes:
    try:
        return box.open(about.encode(), sealed)
    except Unsealable:
        raise Refusal("unavailable", "the key of the registry is another one; see the operator") from None
