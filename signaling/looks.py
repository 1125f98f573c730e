"""Who looks at what: noted once for a person, a thing, a network and an hour, and nothing waits for it."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, Protocol

from hub.clock import Clock

#: Looks that are remembered, so that the journal is not asked about each range of a film.
MOST_REMEMBERED: Final = 8192


class Trace(Protocol):
    """What has the journal told, as far as this needs it."""

    def note(self, kind: str, data: Mapping[str, Any], id: str | None = None) -> object: ...


class Looks:
    """Notes looks. What was noted is remembered here; the command's id makes it once over restarts and front processes."""

    def __init__(self, trace: Trace, clock: Clock) -> None:
        self._trace = trace
        self._clock = clock
        self._noted: OrderedDict[str, None] = OrderedDict()

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Have the journal told of this, unless it was within this hour."""
        text = json.dumps([kind, data, f"{self._clock():%Y%m%d%H}"], sort_keys=True)
        id = f"look-{hashlib.sha256(text.encode()).hexdigest()[:40]}"
        if id in self._noted:
            self._noted.move_to_end(id)
            return
        self._noted[id] = None
        while len(self._noted) > MOST_REMEMBERED:
            self._noted.popitem(last=False)
        self._trace.note(kind, data, id)
