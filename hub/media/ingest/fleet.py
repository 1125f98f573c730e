"""The viewers of one layer that are served together, by the compiled fan-out, in one call a batch.

Viewers who get the same row (see batch.py) form a group: C walks through it, and Python is needed only for those that
the row does not suit. What C counts on stands in the lane of each player, which takes over by itself what C has sent.
Without the compiled fan-out there is no fleet, and all is done in Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

from hub.media.ingest.seams import Player
from hub.media.native import Native, ffi, native
from hub.media.row.batch import Batch, Form, Layout
from hub.media.transport.socket import UdpPort

#: Values of hub_fan_out's `numbers`: the row does not suit the lane; sealing was refused.
HUB_SKIPPED: Final = -1
HUB_REFUSED: Final = -2
#: A key is one form of one layer and never used again, so that a lane left behind cannot be mistaken for another's.
_keys: Final = itertools.count(1)


class Group:
    """Subscriptions of one form."""

    def __init__(self, key: int, form: Form, subscriptions: list[Player]) -> None:
        self.key = key
        self.form = form
        self.subscriptions = subscriptions
        outlets = [subscription.outlet for subscription in subscriptions]
        #: Who is not told of what leaves by the compiled loop itself (see Outlet.draw_line).
        self._untold = [
            (index, outlet.estimator)
            for index, outlet in enumerate(outlets)
            if outlet.estimator is not None and outlet.line is None
        ]
        self._lanes = ffi.new(
            "struct hub_lane *[]", [subscription.native_lane for subscription in subscriptions]
        )
        self._numbers = ffi.new("int32_t[]", len(subscriptions))
        self._progress = ffi.new("struct hub_progress *")
        self._port = ffi.new("struct hub_port *")
        buffer = outlets[0].buffer
        self._port.block = ffi.cast("uint8_t *", buffer.native_base)
        self._port.block_bytes = buffer.size

    def forward(self, found: Native, layout: Layout, batch: Batch, now: float) -> list[Player]:
        """Send the row to everybody; those it does not suit come back."""
        subscriptions, progress, port = self.subscriptions, self._progress, self._port
        stamped = self.form.stamp.transport_at > 0
        row = layout.native_row(batch, self.key, stamped=stamped)
        out = subscriptions[0].outlet.port
        skipped = refused = at = 0
        while at < len(subscriptions):
            # Fakes have no socket; a real one is not to be overtaken while something waits for it.
            port.socket, port.gso = (out.descriptor, out.gso) if isinstance(out, UdpPort) else (-1, 0)
            found.library.hub_fan_out(
                port, row, self._lanes, at, len(subscriptions), now, self._numbers, progress
            )
            if isinstance(out, UdpPort):
                out.count_sent(progress.packets, progress.runs)
            skipped += progress.skipped
            refused += progress.refused
            at = progress.lane
            for run in progress.unsent[0 : progress.unsent_count]:
                # Sealed, but not sent: full, or not to be sent that way. The port knows what to do.
                outlet = subscriptions[run.lane].outlet
                if outlet.address is not None:
                    view = outlet.buffer.view[run.at : run.at + run.bytes]
                    out.send_run(view, run.segment, outlet.address)
        if not (skipped or refused or self._untold):
            return []
        numbers = ffi.unpack(self._numbers, len(subscriptions))
        if stamped:
            for index, estimator in self._untold:
                if numbers[index] >= 0:
                    estimator.sent(numbers[index], layout.sizes, now)
        return self._left(numbers, len(layout.sizes)) if skipped or refused else []

    def _left(self, numbers: list[int], packets: int) -> list[Player]:
        """Those the row does not suit. Those whose packets could not be sealed are counted; nothing of them has left."""
        left = []
        for subscription, number in zip(self.subscriptions, numbers, strict=True):
            if number == HUB_SKIPPED:
                left.append(subscription)
            elif number == HUB_REFUSED:
                subscription.outlet.counters["out_srtp_refused"] += packets
        return left


class Fleet:
    """All subscriptions that play one layer, in their groups."""

    def __init__(self, found: Native) -> None:
        self._native = found
        self._keys: dict[tuple[object, ...], int] = {}
        self._groups: list[Group] = []
        self._apart: list[Player] = []
        self._stale = True

    def changed(self) -> None:
        """Somebody came or went, or takes another form. Nobody is held until the next packet: it may never come."""
        self._stale = True
        self._groups, self._apart = [], []

    def forward(self, batch: Batch, subscriptions: Iterable[Player], now: float) -> list[Player]:
        """Serve everybody who can be; the others come back, to be served one by one and then given to `readmit`."""
        if self._stale:
            self._gather(subscriptions)
        left = list(self._apart)
        for group in self._groups:
            layout = batch.layout(*group.form) if batch.whole else None
            if layout is None:
                left += group.subscriptions
            else:
                left += group.forward(self._native, layout, batch, now)
        return left

    def readmit(self, subscription: Player) -> None:
        """`subscription` was served in Python: from the next batch on it may go with the others again."""
        form = subscription.form()
        key = self._keys.get(form.name) if form is not None else None
        if key is None or key != subscription.group_key:
            self._stale = self._stale or form is not None
        else:
            subscription.join(key)

    def _gather(self, subscriptions: Iterable[Player]) -> None:
        self._stale = False
        self._apart = []
        groups: dict[tuple[object, ...], tuple[Form, list[Player]]] = {}
        for subscription in subscriptions:
            form = subscription.form()
            if form is None:
                self._apart.append(subscription)
            else:
                groups.setdefault(form.name, (form, []))[1].append(subscription)
        self._keys = {name: self._keys.get(name) or next(_keys) for name in groups}
        self._groups = []
        for name, (form, members) in groups.items():
            key = self._keys[name]
            for subscription in members:
                subscription.join(key)
            self._groups.append(Group(key, form, members))

    def dump(self) -> dict[str, object]:
        """The fleet for people."""
        return {"groups": [len(group.subscriptions) for group in self._groups], "apart": len(self._apart)}


def fleet() -> Fleet | None:
    """A fleet for one layer; None without the compiled fan-out."""
    found = native()
    return Fleet(found) if found.library is not None else None
