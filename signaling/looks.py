"""Who looks at what: noted once a sitting of a person, a thing and a network, and nothing waits for it."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from hub.clock import Clock

#: Looks that are remembered, so that the journal is not asked about each range of a film.
MOST_REMEMBERED: Final = 8192
#: Who asks for nothing of a thing for so long has got up: the next time is another sitting.
SITTING: Final = timedelta(minutes=30)


class Trace(Protocol):
    """What has the journal told, as far as this needs it."""

    def note(self, kind: str, data: Mapping[str, Any], id: str | None = None) -> object: ...


class Looks:
    """Notes looks. A sitting is remembered here, from one request to the next.

    The command's id holds the hour in which it began: several front processes, and one that starts anew, tell of it once in it.
    """

    def __init__(self, trace: Trace, clock: Clock) -> None:
        self._trace = trace
        self._clock = clock
        self._asked: OrderedDict[str, datetime] = OrderedDict()
        """When each was asked for last."""

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Have the journal told of this, unless it goes on from a look that was told."""
        now = self._clock()
        text = json.dumps([kind, data], sort_keys=True)
        before = self._asked.pop(text, None)
        self._asked[text] = now
        while len(self._asked) > MOST_REMEMBERED:
            self._asked.popitem(last=False)
        if before is not None and now - before < SITTING:
            return
        id = hashlib.sha256(f"{text} {now:%Y%m%d%H}".encode()).hexdigest()[:40]
        self._trace.note(kind, data, f"look-{id}")
