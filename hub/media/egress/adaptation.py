"""What one viewer gets of what its slots show: layers that fit its tiles and its line, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hub.media.egress.allocation import Allocator, Choice, SlotOffer
from hub.media.egress.quality import TileQuality
from hub.media.estimate.bandwidth import Estimator
from hub.media.ingest.track import SCREEN

if TYPE_CHECKING:
    from hub.media.egress.slot import Slot
    from hub.media.transport.outlet import Outlet

#: Believed of a line before anything was heard about it: a 720p picture and sound, so that one comes up at once.
START_BPS: Final = 2_500_000
#: For a queue to drain pictures are taken this share of their budget at most: the smallest is to go on.
DRAIN_SHARE: Final = 0.4
#: No limit is known.
UNLIMITED_BPS: Final = 1_000_000_000
#: A viewer that says nothing about its line within this of the first packets is taken at his reports alone.
DEAF_AFTER_S: Final = 3.0
#: Set aside for each playing sound, and with redundancy.
SOUND_BPS: Final = 60_000
REDUNDANT_SOUND_BPS: Final = 120_000
#: Tiles the viewer has told no size of: the main one and the others, in pixels.
MAIN_TILE: Final = (1280, 720)
OTHER_TILE: Final = (320, 180)
#: What is told of a tile that nothing shows.
HIDDEN_TILE: Final = (0, 0)
#: Loss from which sound is sent redundantly, and how long after it has fallen below half of that.
REDUNDANT_LOSS: Final = 0.02
REDUNDANT_FOR_S: Final = 30.0
#: The choice of layers follows the line this often, and at once where it got worse.
FOLLOW_S: Final = 0.1
#: A leap: the estimate has grown by this factor since it was last followed.
LEAP: Final = 1.05
#: How often qualities are judged.
JUDGE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Downlink:
    """A viewer's line, as it is told: `state` as of a tile, rates in bit/s, loss in permille, round trip in ms."""

    state: str
    loss_permille: int
    bitrate_bps: int
    rtt_ms: int | None


class Adaptation:
    """The estimate of one viewer's line, and what it means for its slots. Owned by the viewer's Watcher."""

    def __init__(self, outlet: Outlet, video: Sequence[Slot], audio: Sequence[Slot], now: float) -> None:
        self.estimator = Estimator(now, START_BPS)
        self.tiles: list[tuple[int, int] | None] = [None] * len(video)
        self.qualities = [TileQuality() for _ in video]
        self.downlink: Downlink | None = None
        self._outlet = outlet
        self._video = video
        self._audio = audio
        self._allocator = Allocator()
        self._line = TileQuality()
        self._shares: list[float] = [1.0] * len(video)
        self._judge_due = self._redundant_until = 0.0
        self._sound_bps = 0
        self._followed_at, self._followed_bps = now, 0
        self._numbered = any(slot.subscription.stamp.transport_at for slot in (*video, *audio))
        #: When the first packet was seen to have left, and since when, and after how many bytes, what leaves is counted.
        self._first_sent: float | None = None
        self._sent_at, self._sent_bytes = now, 0
        #: A larger tile or another picture has left more to want than the line is known to carry; until the next tick.
        self.unsettled = False
        #: Nobody hears the viewer: what would be pulled from a camera for him alone is not sent.
        self.away = False
        self.estimator.reports_only = not self._numbered
        if self._numbered:
            outlet.estimator = self.estimator
            self.estimator.can_pad = any(slot.subscription.rtx_ssrc is not None for slot in video)

    # --- what to send ---------------------------------------------------------------------------------

    def _count_sound(self) -> None:
        """What the playing sounds take, before any picture. Where only pictures are numbered the estimate is of what the line
        carries beside the sound; then so much is kept free for it to grow (redundancy, another voice)."""
        numbered = any(slot.subscription.stamp.transport_at for slot in self._audio)
        each = (
            REDUNDANT_SOUND_BPS if self._redundant_until and (numbered or not self._numbered) else SOUND_BPS
        )
        self._sound_bps = each * sum(slot.subscription.layer is not None for slot in self._audio)

    def budget_bps(self, now: float) -> int:
        """What pictures may take."""
        estimator = self.estimator
        deaf = self._numbered and estimator.reports_only and not estimator.messages
        whole = UNLIMITED_BPS if deaf and estimator.untroubled else estimator.media_bps
        budget = whole - self._sound_bps
        return budget - min(estimator.draining_bps(now), int(budget * DRAIN_SHARE))

    def choose(self, now: float, *, changed: bool = False) -> None:
        """Have each video slot play the layer it is to play. `changed`: slots or tiles did."""
        if changed:
            self._count_sound()
        budget = self.budget_bps(now)
        if not changed and not self._allocator.due(budget, now):
            return
        main = self._main()
        offers = []
        for index, slot in enumerate(self._video):
            publication = slot.publication
            there = publication is not None and not (self.away and publication.replays)
            offer = publication.offer(now) if publication is not None and there else None
            width, height = self._tile(index, main)
            seen = self.tiles[index] != HIDDEN_TILE
            # (A ladder for 0 by 0 would be that of a tile of unknown size.)
            offers.append(SlotOffer(offer, max(width, 1), max(height, 1), index == main, seen))
        choices = self._allocator.allocate(
            budget, offers, now, wished=changed, keep_last=self.estimator.untroubled
        )
        for index, (slot, offered, choice) in enumerate(zip(self._video, offers, choices, strict=True)):
            self._shares[index] = _share(offered, choice)
            self._play(slot, choice, now)

        if changed:
            self.unsettled = not self.settled

    def _play(self, slot: Slot, choice: Choice, now: float) -> None:
        publication = slot.publication
        if publication is None:
            return
        if choice.layer is None:
            slot.subscription.clear()
            return
        layer = publication.layers[choice.layer]
        subscription = slot.subscription
        subscription.take_temporal(choice.temporal)
        playing = subscription.layer
        begins = playing is None or playing.publication is not publication
        if begins and not layer.coming(now):
            # He was told to send it and does not, or not yet: begin with a smaller one that comes.
            coming = [each for each in publication.layers[: choice.layer] if each.coming(now)]
            layer = coming[-1] if coming else layer
        elif begins and not layer.key_frames.ready(now):
            # The chosen layer may not be asked for a key frame yet: begin with one that may.
            ready = [
                each
                for each in publication.layers[: choice.layer]
                if each.key_frames.ready(now) and each.available(now)
            ]
            if ready and subscription.awaiting not in publication.layers:
                layer = ready[-1]
        at_once = layer.key_frames.ready(now)
        subscription.play(layer, slot.types, now)
        if (
            subscription.awaiting is layer
            and playing is not None
            and playing.publication is publication
            and layer.rank < playing.rank
        ):
            if at_once and self.estimator.queued:
                subscription.stop_sending()
            else:
                subscription.yield_line()

    def _main(self) -> int:
        """The slot with the largest tile; the first, as long as no sizes were told."""
        known = [(tile[0] * tile[1], -index) for index, tile in enumerate(self.tiles) if tile is not None]
        return -max(known)[1] if known else 0

    def _tile(self, index: int, main: int) -> tuple[int, int]:
        tile = self.tiles[index]
        if tile is not None:
            return tile
        return MAIN_TILE if index == main else OTHER_TILE

    # --- time -----------------------------------------------------------------------------------------

    def hear(self, now: float) -> None:
        """There is news of the line. Worse ones and a leap up are followed at once, and every one while there is anything
        unusual (a probe is paid out in portions as long as from one to the next); else it is enough to do it now and then:
        a thousand viewers send news 15 to 20 times a second."""
        estimator, followed = self.estimator, self._followed_bps
        usual = followed <= estimator.bitrate_bps <= followed * LEAP and not estimator.attentive
        if not usual or now - self._followed_at >= FOLLOW_S:
            self.follow(now)

    def heed(self, now: float) -> None:
        """There is news of the line, and nothing unusual in it: only worse ones are followed, the tick does the rest."""
        if self.estimator.bitrate_bps < self._followed_bps:
            self.follow(now)

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done before there are news: the line is good, and carries all there is to want."""
        estimator = self.estimator
        return (
            self._line.state == "good"
            and self._allocator.wanted_bps + self._sound_bps <= estimator.bitrate_bps
            and not estimator.attentive
        )

    def follow(self, now: float) -> None:
        """Step down if need be, find out whether there is room to step up."""
        self._followed_at, self._followed_bps = now, self.estimator.bitrate_bps
        self.choose(now)
        if self._numbered:
            self._probe(now)

    def tick(self, now: float) -> bool:
        """What is due by time; True if a quality changed that the viewer or control is to be told."""
        self.unsettled = False
        if not self.estimator.messages:
            self._count_sent(now)
        if now - self._followed_at >= FOLLOW_S:
            self.follow(now)
        if now < self._judge_due:
            return False
        self._judge_due = now + JUDGE_S
        return self._judge(now)

    def _count_sent(self, now: float) -> None:
        """Tell the estimate what is sent, as nothing else does; by full seconds from the first packet on."""
        sent = self._outlet.bytes_sent
        if self._first_sent is None:
            if sent:
                self._first_sent = self._sent_at = now
                self._sent_bytes = sent
            return
        if now - self._sent_at >= 1.0:
            self.estimator.sending((sent - self._sent_bytes) * 8 / (now - self._sent_at))
            self._sent_at, self._sent_bytes = now, sent
        if now - self._first_sent > DEAF_AFTER_S:
            self.estimator.reports_only = True

    def _probe(self, now: float) -> None:
        sizes = self.estimator.probe(now, self._allocator.wanted_bps + self._sound_bps)
        if sizes:
            main = self._main()
            for index in sorted(range(len(self._video)), key=lambda index: index != main):
                if self._video[index].subscription.probe(sizes, now):
                    break

    def _judge(self, now: float) -> bool:
        loss = self.estimator.loss
        self._judge_sound(loss, now)
        self._count_sound()
        changed = False
        worst = 1.0
        for slot, quality, share in zip(self._video, self.qualities, self._shares, strict=True):
            if slot.publication is None:
                changed |= quality.state is not None
                quality.clear()
                continue
            worst = min(worst, share)
            changed |= quality.judge(max(loss, slot.loss), share, _silent_s(slot, now), now)
        slots = (*self._video, *self._audio)
        heard = max((slot.loss for slot in slots if slot.subscription.layer is not None), default=0.0)
        line_loss = max(loss, heard)
        state_changed = self._line.judge(line_loss, worst, 0.0, now)
        rtt = self.estimator.measured_rtt_s
        self.downlink = Downlink(
            self._line.state or "good",
            round(line_loss * 1000),
            self.estimator.bitrate_bps,
            round(rtt * 1000) if rtt is not None else None,
        )
        return changed or state_changed

    def _judge_sound(self, loss: float, now: float) -> None:
        """Send sound redundantly while the line loses packets, and a while longer."""
        heard = max([loss, *(slot.loss for slot in self._audio if slot.subscription.layer is not None)])
        if heard >= REDUNDANT_LOSS or (self._redundant_until and heard >= REDUNDANT_LOSS / 2):
            self._redundant_until = now + REDUNDANT_FOR_S
        elif now >= self._redundant_until:
            self._redundant_until = 0.0
        for slot in self._audio:
            slot.subscription.redundant = bool(self._redundant_until)

    def dump(self) -> dict[str, object]:
        """The viewer's line for people."""
        return {
            "line": self.estimator.dump(),
            "wanted_bps": self._allocator.wanted_bps,
            "spent_bps": self._allocator.spent_bps,
            "tiles": list(self.tiles),
            "qualities": [quality.state for quality in self.qualities],
            "redundant_sound": bool(self._redundant_until),
        }


def _share(offered: SlotOffer, choice: Choice) -> float:
    """What the slot is given of what its tile has use for, 0 to 1."""
    if offered.offer is None or not offered.seen:
        return 1.0
    ladder = offered.offer.ladder(offered.width, offered.height)
    if not ladder:
        return 1.0
    given = [rung for rung in ladder if (rung.layer, rung.temporal) == tuple(choice)]
    if not given:
        return 0.0 if choice.layer is None else 1.0
    return given[0].cost / ladder[-1].cost if ladder[-1].cost else 1.0


def _silent_s(slot: Slot, now: float) -> float:
    """How long nothing was sent into the slot that should have been."""
    subscription, publication = slot.subscription, slot.publication
    since = max(subscription.last_at, slot.shown_at)
    if publication is not None and publication.source == SCREEN and subscription.layer is not None:
        # A screen that does not change sends nothing.
        return max(0.0, subscription.layer.heard_at - since)
    return now - since
