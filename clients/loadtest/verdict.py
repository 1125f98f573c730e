"""What a measured stretch proves: each promise met or not, and who was the bottleneck."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from clients.loadtest.measuring import Window
from clients.loadtest.plan import Limits

#: A process that uses more than this of a core has nothing left.
FULL: Final = 0.9
#: A process that uses more than this of a core is often still at work when the next thing comes.
BUSY: Final = 0.5
#: Viewers looked at this late, or pictures sent this late: the figures show the generator, not the hub.
LATE_S: Final = 0.25
#: A core of which the host takes more than this stops for milliseconds several times a second, and pictures wait.
STOLEN: Final = 0.02
_DELAY: Final = ("转发时延 p95", "Forwarding delay, p95")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One promise; `measured` is None when it could not be measured, which proves nothing."""

    zh: str
    en: str
    unit: str
    limit: float
    measured: float | None

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.measured is not None and self.measured <= self.limit

    def to_json(self) -> dict[str, Any]:
        """For reports."""
        measured = None if self.measured is None else round(self.measured, 3)
        return {
            "zh": self.zh,
            "en": self.en,
            "unit": self.unit,
            "limit": self.limit,
            "measured": measured,
            "met": self.met,
        }


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Who could do no more: `generator`, `machine`, `node`, `control`, `none` or `unknown`, and how that is known."""

    who: str
    zh: str
    en: str

    @property
    def is_ours(self) -> bool:
        """Whether it is on the measuring side: what was measured says nothing of the hub."""
        return self.who in ("generator", "machine")

    def to_json(self) -> dict[str, str]:
        """For reports."""
        return {"who": self.who, "zh": self.zh, "en": self.en}


def viewing(window: Window, limits: Limits, delay_ms: float | None = None) -> list[Criterion]:
    """The promises of a call that is watched. `delay_ms` replaces the limit of its delay."""
    tally = window.tally
    wanted = tally.video.streams + tally.audio.streams
    silent = wanted - tally.video.playing - tally.audio.playing
    out = sum(tally.failures.values())
    made = [
        Criterion("未能观看的站点", "Viewers kept out or thrown out", "", 0, float(out)),
        Criterion("没有画面或声音的通道", "Slots without picture or sound", "", 0, float(max(0, silent))),
    ]
    if tally.video.streams:
        made += [
            Criterion(
                "画面丢包",
                "Video packets lost",
                "‰",
                limits.loss_permille,
                _loss(tally.video.loss, tally.video.expected),
            ),
            Criterion(
                *_DELAY,
                "ms",
                delay_ms or limits.delay_p95_ms,
                _ms(tally.delays.percentile(0.95)),
            ),
            Criterion(
                "画面停顿时间",
                "Time that pictures stood still",
                "‰",
                limits.frozen_permille,
                1000 * tally.video.frozen_s / max(1e-9, window.seconds * max(1, tally.video.playing)),
            ),
        ]
    if tally.audio.streams:
        made.append(
            Criterion(
                "声音丢包",
                "Audio packets lost",
                "‰",
                limits.loss_permille,
                _loss(tally.audio.loss, tally.audio.expected),
            )
        )
    return made


def joining(window: Window, limit_ms: float) -> Criterion:
    """How soon the first picture is there."""
    measured = _ms(window.tally.first_picture.percentile(0.95))
    return Criterion("首个画面 p95", "First picture, p95", "ms", limit_ms, measured)


def bottleneck(window: Window, criteria: Collection[Criterion]) -> Bottleneck:
    """Who was at its limit in this stretch, of which `criteria` were promised.

    The generator is looked at first, then the machine: where one of them was, nothing else is known.
    """
    broken = [criterion.en for criterion in criteria if not criterion.met]
    met = not broken
    own = max(window.own_cpu, window.tally.busiest)
    late = max(window.tally.late_s, window.sender_late_s)
    if window.tally.own_drops:
        says = f"{window.tally.own_drops} datagrams found no room in the generator's own sockets"
        return Bottleneck("generator", "压测机自身接收缓冲溢出，结果不能说明平台能力", says)
    if own > FULL:
        return Bottleneck(
            "generator",
            f"压测机自身处理器已用满（{own:.0%}），结果不能说明平台能力",
            f"the generator used {own:.0%} of a core: it was the bottleneck, the hub may do more",
        )
    if not met and window.stolen > STOLEN:
        return Bottleneck(
            "machine",
            f"宿主机占用了本机一个处理器核 {window.stolen:.1%} 的时间，结果不能说明平台能力",
            f"the host took {window.stolen:.1%} of a core of this machine away: the hub may do more",
        )
    if not met and late > LATE_S:
        return Bottleneck(
            "generator",
            f"压测机自身滞后 {late * 1000:.0f} ms，结果不能说明平台能力",
            f"the generator was {late * 1000:.0f} ms late: it was the bottleneck, the hub may do more",
        )
    node = max((share for name, share in window.cpu.items() if name.startswith("node")), default=None)
    control = window.cpu.get("control", 0.0)
    if node is not None and node > FULL:
        return Bottleneck(
            "node", f"媒体节点处理器已用满（{node:.0%}）", f"the media node used {node:.0%} of its core"
        )
    if window.node_dropped:
        return Bottleneck(
            "node",
            f"媒体节点接收缓冲溢出，内核丢弃 {window.node_dropped} 个数据报",
            f"the kernel dropped {window.node_dropped} datagrams for which the node's port had no room",
        )
    if not met and control > FULL:
        return Bottleneck(
            "control", f"控制进程处理器已用满（{control:.0%}）", f"control used {control:.0%} of its core"
        )
    if met:
        return Bottleneck("none", "没有瓶颈", "nobody was at a limit")
    if node is None:
        return Bottleneck(
            "unknown",
            "平台不在本机，无法判断瓶颈所在",
            "the hub is not on this machine: what limits it cannot be seen from here",
        )
    handing_s = _handing_s(window) if _DELAY[1] in broken and node > BUSY else None
    if handing_s is not None:
        ms = round(handing_s * 1000)
        return Bottleneck(
            "node",
            f"媒体节点逐个发送：一幅画面发给全部观看者最长约需 {ms} 毫秒，"
            f"期间到达的画面和声音需要排队（处理器占用 {node:.0%}）",
            f"the media node sends to one viewer after the other: a picture to all takes up to {ms} ms, and what comes"
            f" meanwhile waits ({node:.0%} of its core)",
        )
    return Bottleneck(
        "unknown",
        f"节点（{node:.0%}）与压测机（{own:.0%}）均有余量，瓶颈未知",
        f"node ({node:.0%}) and generator ({own:.0%}) had CPU left: what limited is not known",
    )


def _handing_s(window: Window) -> float | None:
    """How long it takes to hand one picture to all, where that makes up half of the delay at least; else None.

    They are served in turn: the one in the middle waits half of that time. Where he waits for other things as well it is less.
    """
    delays = window.tally.delays
    median, late = delays.percentile(0.5), delays.percentile(0.95)
    if median is None or late is None or 4 * median < late:
        return None
    return 2 * median


def _loss(share: float, expected: int) -> float | None:
    return share * 1000 if expected else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
