"""By which marks a household is found whose last answers gave reason to look: keyed, so that a database alone tells nothing.

Marked is what the ready forms ask and what carries a flag there (fever, come from abroad, needs medicine): that somebody gave
reason to look stands in the open by each visit's flags, so a mark says no more than that. What is usual (no, none) is never
marked, nor what somebody wrote. Households are spread over buckets, and the same answer has another mark in each: without the
key one learns at most which of a thousand and a half households of a city said the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zlib import crc32

from hub.grids.sweep_ready import READY
from hub.grids.views import AnswerIs

BUCKETS: Final = 1024
#: Raised when more is marked than before: what was marked under a lower one is looked at until it is marked anew.
MARKING: Final = 1
#: (field, answer) of what is marked.
MARKED: Final = frozenset(
    (field.key, option.value)
    for ready in READY.values()
    for field in ready.form
    for option in field.options
    if option.flag is not None
)


def bucket_of(household: str) -> int:
    """Its bucket, as long as it lives."""
    return crc32(household.encode()) % BUCKETS


def to_mark(known: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, str]]:
    """(field, answer) of what is marked of a household's last answers, by field or field and person."""
    for name, (value, _) in known.items():
        answer = (name.partition("@")[0], str(value))
        if answer in MARKED:
            yield answer


def found_by(asked: AnswerIs) -> list[tuple[str, str]] | None:
    """What a household must have been marked with (one of these) to have such an answer; None: marks cannot tell."""
    wanted = [(asked.key, value) for value in asked.values]
    return wanted if wanted and MARKED.issuperset(wanted) else None
