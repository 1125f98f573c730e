"""The load test's report: everything that was found stands in it, in both languages, and nothing else is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from clients.loadtest.charts import Line, line_chart, nice_top, number
from clients.loadtest.report import render_html, render_markdown, summary, write


def window(name: str) -> dict[str, Any]:
    times = {"count": 9, "p50": 1.5, "p95": 7.25, "p99": 8.0, "max": 9.0}
    return {
        "name": name,
        "seconds": 10.0,
        "seen": {
            "viewers": 200,
            "pictures_playing": 200,
            "sounds_playing": 200,
            "packets_per_s": 22_000,
            "mbit_per_s": 110.5,
            "video_loss_permille": 0.25,
            "audio_loss_permille": 0,
            "worst_viewer_loss_permille": 3,
            "missed": 7,
            "mended": 6,
            "delay_ms": times,
            "connected_ms": times,
            "first_picture_ms": times,
            "first_sound_ms": times,
            "longest_gap_ms": times,
            "freezes": 1,
            "frozen_permille": 0.1,
            "failures": {"<b>no ICE</b> | within 10 s": 2},
            "counters": {},
        },
        "cost": {
            "cpu": {"node": 0.42, "control": 0.05},
            "memory_mib": {"node": 130.0},
            "node_us_per_packet": 6.1,
            "node_dropped_by_kernel": 0,
        },
        "generator": {
            "cpu": 0.3,
            "busiest_process": 0.3,
            "late_ms": 4.0,
            "sender_late_ms": 9.0,
            "dropped_by_kernel": 0,
        },
        "machine": {"stolen": 0.034},
        "delay_points": [[0.5, 0.1], [2.0, 0.9], [9.0, 1.0]],
        "course": [
            {"s": 1.0, "packets_per_s": 1, "delay_p95_ms": 7.0, "node_cpu": 0.4, "generator_cpu": 0.3},
            {"s": 2.0, "packets_per_s": 1, "node_cpu": 0.5, "generator_cpu": 0.3},
        ],
    }


def result(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "scenario": "lecture",
        "at": "2026-11-23 08:00:00 UTC",
        "took_s": 14.2,
        "asked": {"scenario": "lecture", "viewers": 200},
        "machine": {"processor": "Some CPU, 2 cores"},
        "met": False,
        "criteria": [
            {
                "zh": "画面丢包",
                "en": "Video packets lost",
                "unit": "‰",
                "limit": 1.0,
                "measured": 0.25,
                "met": True,
            },
            {
                "zh": "转发时延 p95",
                "en": "Forwarding delay, p95",
                "unit": "ms",
                "limit": 5,
                "measured": 7.25,
                "met": False,
            },
            {
                "zh": "首个画面",
                "en": "First picture",
                "unit": "ms",
                "limit": 1,
                "measured": None,
                "met": False,
            },
        ],
        "bottleneck": {"who": "node", "zh": "媒体节点处理器已用满", "en": "the node was full"},
        "windows": [window("lecture")],
        "curve": [],
        "points": {"首个画面 · First picture (ms)": [[5.0, 0.5], [9.0, 1.0]]},
        "notes": [{"zh": "说明", "en": "a note"}],
        "facts": {},
    }
    return {**made, **changes}


def test_a_buyer_finds_promise_limit_figure_and_verdict() -> None:
    page = render_html(result())
    for words in (
        "转发时延 p95",
        "Forwarding delay, p95",
        "≤ 5 ms",
        "7.25 ms",
        "未达标",
        "未测得",
        "媒体节点处理器已用满",
        "a note",
    ):
        assert words in page
    assert "&lt;b&gt;no ICE&lt;/b&gt;" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="', page)


def test_every_chart_is_well_formed() -> None:
    charts = re.findall(r"<svg.*?</svg>", render_html(result()))
    assert len(charts) == 4
    for chart in charts:
        ElementTree.fromstring(chart)


def test_markdown_has_the_same_tables_and_no_broken_cell() -> None:
    page = render_markdown(result())
    assert "| 转发时延 p95 · Forwarding delay, p95 | ≤ 5 ms | 7.25 ms | 未达标 · not met |" in page
    for table in re.findall(r"(?:^\|.*\n?)+", page, re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().splitlines()}
        assert len(columns) == 1


def test_a_curve_and_a_roll_call_have_their_own_parts() -> None:
    row = {
        "viewers": 100,
        "packets_per_s": 11_000,
        "loss_permille": 0.0,
        "delay_p50_ms": 1.0,
        "delay_p95_ms": 2.0,
        "node_cpu": None,
        "node_us_per_packet": None,
        "generator_cpu": 0.1,
        "stolen": 0.057,
        "met": True,
        "bottleneck": "none",
    }
    page = render_html(result(scenario="curve", curve=[row, {**row, "viewers": 200, "node_cpu": 0.5}]))
    assert page.count("<svg") >= 3
    assert page.count("5.7%") == 2
    assert "3.4%" in page
    called = result(
        scenario="rollcall", windows=[], bottleneck=None, facts={"answer_ms": {"p50": 3.0}, "stations": 4}
    )
    assert "answer ms" in render_html(called)
    assert "p50 3" in summary(called)


def test_the_terminal_says_what_was_not_met() -> None:
    lines = summary(result()).splitlines()
    assert "NOT MET Forwarding delay, p95: 7.25 ms (limit 5)" in lines
    assert "Bottleneck: the node was full" in lines


@pytest.mark.parametrize(("name", "begins"), [("a.html", "<!doctype html>"), ("a.md", "# ")])
def test_the_name_of_the_file_says_its_form(name: str, begins: str, tmp_path: Path) -> None:
    write(result(), tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_axes_end_at_round_numbers() -> None:
    assert [nice_top(value) for value in (0, 0.3, 1, 3, 7, 90, 1100)] == [1, 0.4, 1, 4, 8, 100, 2000]
    assert [number(value) for value in (0, 0.1234, 12.0, 1234.5)] == ["0", "0.123", "12", "1,234"]
    assert line_chart("x", "", [Line("nothing", [])]) == ""
    ElementTree.fromstring(line_chart("one", "s", [Line("point", [(1.0, 2.0)])], limit=3.0))
