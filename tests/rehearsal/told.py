"""What a rehearsal found, as the report of the load test takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from clients.loadtest.histogram import Histogram
from clients.loadtest.machine import described
from clients.loadtest.verdict import Criterion
from tests.rehearsal.steps import Rehearsal

_STEPS: Final = {
    "connect": ("全部站点上线", "all lines connect"),
    "call": ("一键呼叫全市", "one key calls the whole city"),
    "join": ("应答入会", "they answer and join"),
    "media": ("抽样站点发送图像和声音", "the sample sends picture and sound"),
    "roll call": ("点名（真人节奏）", "roll call, at the pace of people"),
    "roll call, control killed": ("点名中控制服务被强行终止", "roll call in which control is killed"),
    "all villages": ("全部村（社区）快速点名", "fast roll call of all villages"),
}
#: Column of a step's row: (Chinese, English).
_COLUMNS: Final = {
    "p50_s": ("中位 s", "half by, s"),
    "p95_s": ("95% s", "95 % by, s"),
    "last_s": ("最后 s", "the last, s"),
    "missing": ("缺", "missing"),
    "lost": ("断线", "lines lost"),
    "control_cpu_s": ("控制服务 CPU s", "CPU of control, s"),
    "control_mib": ("控制服务内存 MiB", "memory of control"),
    "lag_p99_ms": ("循环延迟 p99 ms", "loop delay p99"),
    "lag_worst_ms": ("循环延迟最大 ms", "loop delay worst"),
    "generator_cpu_s": ("压测机 CPU s", "CPU of the generator, s"),
    "station_kib": ("每站收到 KiB", "heard by a station, KiB"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A rehearsal that is over."""

    stations: int
    media: int
    rehearsal: Rehearsal
    refusals: dict[str, int]


def result(told: Told) -> dict[str, Any]:
    """As plain JSON. Every promise of a rehearsal stands here with its limit."""
    rehearsal, hearing = told.rehearsal, told.rehearsal.hearing
    heard, answers = Histogram(), Histogram()
    for seconds in hearing.heard_s if hearing else ():
        heard.add(seconds)
    for seconds in rehearsal.answer_s:
        answers.add(seconds)
    heard_p95 = heard.percentile(0.95) if hearing else None
    criteria = [
        Criterion(
            "呼叫到全部到齐", "From the call to the complete arrival board", "s", 60, rehearsal.board_s
        ),
        Criterion(
            "丢失的应答", "Answers that were acknowledged and do not stand", "", 0, float(len(rehearsal.lost))
        ),
        Criterion(
            "未能送达的应答", "Answers that did not get through", "", 0, float(len(rehearsal.unanswered))
        ),
        Criterion(
            "不应听到却被听到",
            "Heard though they had to be silent",
            "",
            0,
            None if hearing is None else float(hearing.wrong),
        ),
        Criterion(
            "轮到却未被听到",
            "Called and not heard",
            "",
            0,
            None if hearing is None or not hearing.turns else float(hearing.not_heard),
        ),
        Criterion(
            "被点名到被听到 p95",
            "From the call to being heard, p95",
            "ms",
            500,
            None if heard_p95 is None else heard_p95 * 1000,
        ),
    ]
    rows = rehearsal.rows
    points = {
        "轮到到应答入账 · From one's turn to the answer in the journal (ms)": answers.points(),
        "被点名到被听到 · From the call to being heard (ms)": heard.points(),
    }
    return {
        "scenario": "rehearsal",
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "took_s": round(sum(row["took_s"] for row in rows), 1),
        "asked": {
            "stations": told.stations,
            "with media": told.media,
            "roll call": [row["called"] for row in rows if "called" in row],
        },
        "machine": described(),
        "met": all(criterion.met for criterion in criteria),
        "criteria": [criterion.to_json() for criterion in criteria],
        "bottleneck": None,
        "windows": [],
        "curve": [],
        "steps": _table(rows),
        "points": {name: found for name, found in points.items() if found},
        "notes": [],
        "facts": rehearsal.facts
        | {"turns with media": hearing.turns if hearing else 0, "refusals": told.refusals}
        | _centers("lost", rehearsal.lost)
        | _centers("not through", rehearsal.unanswered),
        "rows": rows,
    }


def _centers(name: str, codes: Sequence[str]) -> dict[str, str]:
    """Some of them by code, to look for."""
    return {name: ", ".join(codes[:20])} if codes else {}


def _table(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "heads": [("步骤", "step"), *_COLUMNS.values()],
        "rows": [[_STEPS[row["step"]], *(row[name] for name in _COLUMNS)] for row in rows],
    }
