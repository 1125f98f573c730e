"""Identifiers: short, sortable by time of making, told apart by their prefix."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import Final

#: Digits of ids.
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32, lower case
_PAIRS: Final = [first + second for first in ALPHABET for second in ALPHABET]

#: m meeting, o order, e report ("evidence"), d decision, n note, r recording, p part, a account, s media session, u upload,
#: k check, g group, w alarm ("warning"), v right that waits,
#: b booking, t template, c roll call, y layout, l line of words over the pictures, j tour ("journey"), x word apart,
#: q task ("question"), li list of people to be checked, i incident, f plan ("foreseen"), z roster ("zhiban"),
#: h turn of duty ("hand-over"), jb job, ow wording of orders, ev evidence that is made, mk mark,
#: ca camera, cb list of cameras that was brought, hd hold, dl disposal list,
#: vw wall of cameras ("views"), pr route of patrol, pd round of one,
#: bd building, ho house, hh household, pe person, ut unit (shop, school …), rb list for the registry that was brought,
#: sw sweep, vi visit, er errand, gt order in a grid ("grid task"), gv view of the registry,
#: dv phone of a grid member ("device")
PREFIXES: Final = frozenset(
    {*"moednrpasukgwvbtcyljxqifzh", "li", "jb", "ow", "ev", "mk", "ca", "cb", "hd", "dl", "vw", "pr", "pd"}
    | {"bd", "ho", "hh", "pe", "ut", "rb"}
    | {"sw", "vi", "er", "gt", "gv", "dv"}
)
PATTERN: Final = re.compile(rf"^(?:{'|'.join(sorted(PREFIXES))})_[0-9a-hjkmnp-tv-z]{{18}}$")

#: Random numbers of 40 bits, fetched from the system many at a time: one call each costs more than all the rest.
_randoms: list[int] = []
_RANDOM_BYTES: Final = 5
_FETCHED_AT_ONCE: Final = 512


def _random() -> int:
    try:
        return _randoms.pop()
    except IndexError:
        raw = os.urandom(_RANDOM_BYTES * _FETCHED_AT_ONCE)
        fresh = [
            int.from_bytes(raw[at : at + _RANDOM_BYTES], "big") for at in range(0, len(raw), _RANDOM_BYTES)
        ]
        number = fresh.pop()
        _randoms.extend(fresh)
        return number


def base32(value: int, pairs: int) -> str:
    """The value in base 32, `2 * pairs` digits long."""
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(10 * pairs - 10, -1, -10)])


def new_id(prefix: str, now: datetime) -> str:
    """``m_`` + 10 characters of milliseconds since 1970 + 8 random characters (40 bits).

    >>> new_id("m", datetime.fromisoformat("2026-11-23T00:00:00+00:00"))[:8]
    'm_01m82v'
    """
    if prefix not in PREFIXES:
        raise ValueError(f"unknown id prefix {prefix!r}")
    millis = int(now.timestamp() * 1000)
    return f"{prefix}_{base32(millis, 5)}{base32(_random(), 4)}"


def is_id(text: str, prefix: str) -> bool:
    """Whether `text` has the form of an id with this prefix."""
    return text.startswith(f"{prefix}_") and PATTERN.match(text) is not None
