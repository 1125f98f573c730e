"""The report for those who decide and those who build: one HTML file, Markdown, or a few lines in the terminal."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from clients.loadtest.charts import Line, line_chart, number

Result = Mapping[str, Any]
#: A heading or a name: (Chinese, English).
Words = tuple[str, str]

_TITLES: Final[dict[str, Words]] = {
    "lecture": ("一对多会议压力测试", "Lecture: one to many"),
    "discussion": ("多方会商压力测试", "Discussion: many to many"),
    "storm": ("集中重连压力测试", "Storm: everybody joins at once"),
    "rollcall": ("点名压力测试", "Roll call"),
    "curve": ("容量曲线", "Capacity curve"),
    "rehearsal": ("全网演练", "General rehearsal"),
}
_MET: Final[Words] = ("达标", "met")
_NOT_MET: Final[Words] = ("未达标", "not met")
_NOT_MEASURED: Final[Words] = ("未测得", "not measured")
_STYLE: Final = """
body{font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1c1e21;
 max-width:56rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:0}h2{font-size:1.15rem;margin:2rem 0 .4rem;border-bottom:2px solid #dee2e6}
small{color:#666;font-weight:400}h1 small,h2 small{display:block;font-size:.75em}
table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border-bottom:1px solid #e3e6ea;padding:.3rem .5rem;text-align:
 left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.verdict{padding:.7rem 1rem;border-left:6px solid;margin:1rem 0}
.met{border-color:#2b8a3e;background:#ebfbee}.not{border-color:#c92a2a;background:#fff5f5}.good{color:#2b8a3e;font-weight:600}.bad{color:#c92a2a;font-weight:600}
svg{width:100%;height:auto;margin:.5rem 0}@media print{body{margin:0;max-width:none}}
"""


class Table:
    """A table that can be written both ways: heads and cells are Words, texts or numbers."""

    def __init__(self, heads: Sequence[Words | str], rows: Sequence[Sequence[object]]) -> None:
        self.heads = heads
        self.rows = rows

    def to_html(self) -> str:
        heads = "".join(f"<th>{_html(head)}</th>" for head in self.heads)
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td class="n">{_cell(cell)}</td>'
                if isinstance(cell, int | float)
                else f"<td>{_html(cell)}</td>"
                for cell in row
            )
            + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def to_markdown(self) -> str:
        lines = [
            "| " + " | ".join(_plain(head) for head in self.heads) + " |",
            "|" + "---|" * len(self.heads),
        ]
        lines += ["| " + " | ".join(_plain(cell) for cell in row) + " |" for row in self.rows]
        return "\n".join(lines)


#: Heading, tables, charts.
Section = tuple[Words, list[Table], list[str]]


def _sections(result: Result) -> list[Section]:
    sections: list[Section] = [
        (("结论", "Verdict by promise"), [_criteria(result)], []),
        (("测试内容", "What was asked"), [Table([("项目", "what"), ""], list(_asked(result)))], []),
    ]
    if result.get("steps"):
        table = Table(result["steps"]["heads"], result["steps"]["rows"])
        sections.append((("各步骤", "Step by step"), [table], []))
    if result["curve"]:
        sections.append(
            (("容量曲线", "Capacity curve"), [_curve_table(result["curve"])], _curve_charts(result))
        )
    windows = result["windows"] if not result["curve"] else result["windows"][-1:]
    for window in windows:
        name = window["name"]
        sections.append(
            ((f"站点所见：{name}", f"What viewers saw: {name}"), _seen(window), _window_charts(window))
        )
        sections.append(((f"资源消耗：{name}", f"What it cost: {name}"), [_cost(window)], []))
    if result["facts"]:
        rows = [(name.replace("_", " "), _told(value)) for name, value in result["facts"].items()]
        sections.append((("测得数据", "Figures"), [Table([("项目", "what"), ""], rows)], []))
    charts = [
        line_chart(name, "", [Line("累计 · share", [tuple(point) for point in points])])
        for name, points in result["points"].items()
    ]
    if any(charts):
        sections.append((("分布", "Distribution"), [], [chart for chart in charts if chart]))
    rows = [(name, value) for name, value in result["machine"].items()]
    rows += [("at", result["at"]), ("took s", result["took_s"])]
    sections.append((("测试机器", "Machine"), [Table([("项目", "what"), ""], rows)], []))
    return sections


def _asked(result: Result) -> list[tuple[object, object]]:
    return [
        (name, ", ".join(map(str, value)) if isinstance(value, list) else value)
        for name, value in result["asked"].items()
    ]


def _criteria(result: Result) -> Table:
    rows = [
        (
            (one["zh"], one["en"]),
            f"≤ {number(one['limit'])} {one['unit']}".strip(),
            "–" if one["measured"] is None else f"{number(one['measured'])} {one['unit']}".strip(),
            _MET if one["met"] else _NOT_MEASURED if one["measured"] is None else _NOT_MET,
        )
        for one in result["criteria"]
    ]
    return Table([("指标", "promise"), ("要求", "limit"), ("实测", "measured"), ("结论", "verdict")], rows)


_SEEN: Final[tuple[tuple[str, Words], ...]] = (
    ("viewers", ("站点数", "viewers")),
    ("pictures_playing", ("有画面的通道", "slots with picture")),
    ("sounds_playing", ("有声音的通道", "slots with sound")),
    ("packets_per_s", ("每秒数据包", "packets/s")),
    ("mbit_per_s", ("总速率 Mbit/s", "Mbit/s in all")),
    ("video_loss_permille", ("画面丢包 ‰", "video lost, ‰")),
    ("audio_loss_permille", ("声音丢包 ‰", "sound lost, ‰")),
    ("worst_viewer_loss_permille", ("最差站点丢包 ‰", "lost by the worst viewer, ‰")),
    ("missed", ("首次未到的包", "packets that did not come in their turn")),
    ("mended", ("重传补回的包", "of them mended by retransmission")),
    ("freezes", ("画面停顿次数", "freezes")),
    ("frozen_permille", ("停顿时间 ‰", "time frozen, ‰")),
)
_TIMES: Final[tuple[tuple[str, Words], ...]] = (
    ("delay_ms", ("转发时延", "forwarding delay")),
    ("first_picture_ms", ("首个画面", "first picture")),
    ("first_sound_ms", ("首个声音", "first sound")),
    ("connected_ms", ("连接建立", "connected")),
    ("longest_gap_ms", ("最长画面间隔", "longest gap between pictures")),
)


def _seen(window: Mapping[str, Any]) -> list[Table]:
    seen = window["seen"]
    rows: list[tuple[object, ...]] = [(words, seen[name]) for name, words in _SEEN]
    rows += [((f"失败：{why}", "failed"), count) for why, count in seen["failures"].items()]
    heads: list[Words | str] = [
        ("时间 (ms)", "time"),
        "p50",
        "p95",
        "p99",
        ("最大", "worst"),
        ("样本", "samples"),
    ]
    times = [
        (words, *(seen[name][part] for part in ("p50", "p95", "p99", "max", "count")))
        for name, words in _TIMES
    ]
    return [Table([("项目", "what"), ""], rows), Table(heads, times)]


def _cost(window: Mapping[str, Any]) -> Table:
    cost, generator = window["cost"], window["generator"]
    rows: list[tuple[object, object]] = [
        ((f"{name} 处理器占用（一核）", f"CPU of {name}, share of a core"), f"{share:.1%}")
        for name, share in cost["cpu"].items()
    ]
    rows += [((f"{name} 内存 MiB", f"memory of {name}"), held) for name, held in cost["memory_mib"].items()]
    rows += [
        (("节点每包处理器时间 µs", "node CPU a forwarded packet, µs"), cost["node_us_per_packet"]),
        (("节点端口内核丢弃", "dropped by the kernel at the node's port"), cost["node_dropped_by_kernel"]),
        (("压测机最忙进程（一核）", "busiest generator process"), f"{generator['busiest_process']:.1%}"),
        (("压测机滞后 ms", "generator late, ms"), max(generator["late_ms"], generator["sender_late_ms"])),
        (("压测机内核丢弃", "dropped by the kernel at the generator"), generator["dropped_by_kernel"]),
        (("宿主机占用（一核）", "taken by the host from a core"), f"{window['machine']['stolen']:.1%}"),
    ]
    return Table([("项目", "what"), ""], rows)


def _window_charts(window: Mapping[str, Any]) -> list[str]:
    course = window["course"]

    def line(name: str, column: str, by: float = 1.0) -> Line:
        return Line(name, [(row["s"], row[column] * by) for row in course if column in row])

    cpus = sorted({name for row in course for name in row if name.endswith("_cpu")})
    charts = [
        line_chart("时延 p95 · Delay p95 (ms)", "s", [line("p95", "delay_p95_ms")]),
        line_chart(
            "处理器占用 · CPU (% of a core)",
            "s",
            [line(name.removesuffix("_cpu"), name, 100) for name in cpus],
        ),
        line_chart(
            "时延分布 · Delay: share of frames within (ms)",
            "ms",
            [Line("累计 · share", [tuple(point) for point in window["delay_points"]])],
        ),
    ]
    return [chart for chart in charts if chart]


def _curve_table(curve: Sequence[Mapping[str, Any]]) -> Table:
    heads: list[Words | str] = [
        ("站点数", "viewers"),
        ("包/秒", "packets/s"),
        ("丢包 ‰", "lost, ‰"),
        ("时延 p50", "delay p50, ms"),
        ("时延 p95", "delay p95, ms"),
        ("节点", "node CPU"),
        ("µs/包", "µs a packet"),
        ("压测机", "generator CPU"),
        ("宿主机占用", "taken by the host"),
        ("结论", "verdict"),
        ("瓶颈", "bottleneck"),
    ]
    rows = [
        (
            row["viewers"],
            row["packets_per_s"],
            row["loss_permille"],
            row["delay_p50_ms"],
            row["delay_p95_ms"],
            None if row["node_cpu"] is None else f"{row['node_cpu']:.0%}",
            row["node_us_per_packet"],
            f"{row['generator_cpu']:.0%}",
            f"{row['stolen']:.1%}",
            _MET if row["met"] else _NOT_MET,
            row["bottleneck"],
        )
        for row in curve
    ]
    return Table(heads, rows)


def _curve_charts(result: Result) -> list[str]:
    curve = result["curve"]

    def line(name: str, column: str, by: float = 1.0) -> Line:
        found = [(float(row["viewers"]), row[column] * by) for row in curve if row[column] is not None]
        return Line(name, found)

    limit = next((one["limit"] for one in result["criteria"] if one["en"].startswith("Forwarding")), None)
    charts = [
        line_chart(
            "时延 · Delay (ms)", "viewers", [line("p95", "delay_p95_ms"), line("p50", "delay_p50_ms")], limit
        ),
        line_chart("丢包 · Lost (‰)", "viewers", [line("‰", "loss_permille")]),
        line_chart(
            "处理器占用 · CPU (% of a core)",
            "viewers",
            [line("node", "node_cpu", 100), line("generator", "generator_cpu", 100)],
        ),
    ]
    return [chart for chart in charts if chart]


def _verdict(result: Result) -> list[Words]:
    lines = [
        ("全部指标达标", "Every promise is kept")
        if result["met"]
        else ("存在未达标指标", "Not every promise is kept")
    ]
    if result["bottleneck"]:
        lines.append((f"瓶颈：{result['bottleneck']['zh']}", f"Bottleneck: {result['bottleneck']['en']}"))
    return lines + [(note["zh"], note["en"]) for note in result["notes"]]


def render_html(result: Result) -> str:
    """One file with everything in it."""
    zh, en = _TITLES[result["scenario"]]
    parts = [
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{html.escape(zh)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(zh)}<small>{html.escape(en)}</small></h1>",
        f'<div class="verdict {"met" if result["met"] else "not"}">',
        *(f"<p>{_html(words)}</p>" for words in _verdict(result)),
        "</div>",
    ]
    for words, tables, charts in _sections(result):
        parts.append(f"<h2>{html.escape(words[0])}<small>{html.escape(words[1])}</small></h2>")
        parts += [table.to_html() for table in tables] + charts
    return "\n".join(parts) + "\n</body></html>\n"


def render_markdown(result: Result) -> str:
    """The same without charts."""
    zh, en = _TITLES[result["scenario"]]
    parts = [f"# {zh} · {en}", *(f"**{zh}** {en}" for zh, en in _verdict(result))]
    for words, tables, _ in _sections(result):
        if tables:
            parts += [f"## {words[0]} · {words[1]}", *(table.to_markdown() for table in tables)]
    return "\n\n".join(parts) + "\n"


def write(result: Result, path: Path) -> None:
    """Write the report as the name of the file says (.html or .md). Raises OSError."""
    text = render_html(result) if path.suffix.lower() in (".html", ".htm") else render_markdown(result)
    path.write_text(text, encoding="utf-8")


def summary(result: Result) -> str:
    """A few lines for the terminal."""
    lines = [f"{_TITLES[result['scenario']][1]}: {result['took_s']} s"]
    for one in result["criteria"]:
        measured = "–" if one["measured"] is None else number(one["measured"])
        verdict = "met" if one["met"] else "NOT MET"
        lines.append(f"{verdict:8s}{one['en']}: {measured} {one['unit']} (limit {number(one['limit'])})")
    for window in result["windows"]:
        seen, cost = window["seen"], window["cost"]
        delay = seen["delay_ms"]
        cpu = ", ".join(f"{name} {share:.0%}" for name, share in cost["cpu"].items())
        lines.append(
            f"{window['name']}: {seen['viewers']} viewers, {seen['packets_per_s']} packets/s, delay p50 {delay['p50']} "
            f"p95 {delay['p95']} ms, CPU {cpu or 'of the hub unknown'}, generator {window['generator']['cpu']:.0%}"
        )
        lines += [f"failed  {why}: {count}" for why, count in seen["failures"].items()]
    lines += [f"{name}: {_told(value)}" for name, value in result["facts"].items()]
    lines += [en for _, en in _verdict(result)]
    return "\n".join(lines)


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items()) or "–"
    return _cell(value)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else number(value)


def _html(value: object) -> str:
    if isinstance(value, tuple):
        zh, en = value
        mark = {_MET[0]: "good", _NOT_MET[0]: "bad", _NOT_MEASURED[0]: "bad"}.get(zh)
        text = f"{html.escape(str(zh))} <small>{html.escape(str(en))}</small>"
        return f'<span class="{mark}">{text}</span>' if mark else text
    return html.escape(_cell(value))


def _plain(value: object) -> str:
    text = f"{value[0]} · {value[1]}" if isinstance(value, tuple) else _cell(value)
    return text.replace("|", "\\|")
