"""What was measured, as Markdown: the machine, the aims with met or not met, every figure, and how it was come by."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

#: All that one measurement printed, by its name (`forward`, `journal`, …).
Results = Mapping[str, Any]
Row = Mapping[str, Any]

#: A larger share of all cores busy before the beginning: somebody else is using the machine.
QUIET_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Aim:
    """One promise of the project and what was measured for it; `measured` is None when it was not."""

    what: str
    unit: str
    limit: float
    at_most: bool
    measured: float | None

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        kept = self.measured <= self.limit if self.at_most else self.measured >= self.limit
        return "met" if kept else "**not met**"


def rows_of(results: Results, name: str) -> list[Row]:
    """The rows of a measurement; none when it failed or was not made."""
    found = results.get(name)
    return found if isinstance(found, list) else []


def find(rows: Sequence[Row], figure: str, **where: object) -> float | None:
    """The figure of the row whose columns have these values; None when there is none."""
    for row in rows:
        if all(row.get(column) == value for column, value in where.items()):
            value = row.get(figure)
            return None if value is None else float(value)
    return None


def aims(results: Results) -> list[Aim]:
    """What the project wants of itself."""
    forward, journal = rows_of(results, "forward"), rows_of(results, "journal")
    found = _forwarding(forward) + _beside_janus(rows_of(results, "janus"))
    switch = find(rows_of(results, "switch"), "p95_ms", switch="to another source")
    station = find(rows_of(results, "loading"), "first_kb", page="station")
    found.append(Aim("First load of a station's page", "kB", 150, True, station))
    found.append(Aim("Another picture in a slot, asked for to shown, p95", "ms", 150, True, switch))
    far = find(rows_of(results, "switch"), "p95_ms", switch="to another source, good line")
    found.append(Aim("The same with 20 ms each way to and from the node, p95", "ms", 300, True, far))
    hostile = [float(row["times_normal"]) for row in rows_of(results, "hostile_sources")]
    found.append(
        Aim("CPU a packet under foreign sources, worst", "times", 1.2, True, max(hostile, default=None))
    )
    two_nodes = find(rows_of(results, "two_nodes"), "ratio", subscribers=1000)
    found.append(
        Aim("CPU a packet on two linked nodes against one, 1,000 viewers", "times", 1.15, True, two_nodes)
    )
    found += _cameras(rows_of(results, "cameras"))
    found += _camera_faults(rows_of(results, "camera_faults"))
    found += _camera_directory(rows_of(results, "camera_directory"))
    for row in rows_of(results, "camera_wall"):
        what = f"A wall of 16 cameras in {row['browser']}, {row['case']}, p95 of {row['times']}"
        found.append(Aim(what, "ms", float(row["aim_ms"]), True, float(row["p95_ms"])))
    for row in rows_of(results, "join"):
        what = f"Join to first picture in Chromium, p95, {str(row['joins']).replace('_', ' ')}"
        found.append(Aim(what, "ms", 1000, True, row["p95_ms"]))
    found += _dispatch(results)
    for database in ("sqlite", "postgresql"):
        measured = find(journal, "commands_per_s", database=database, callers=256)
        found.append(Aim(f"Journal with 256 callers, {database}", "commands/s", 5000, False, measured))
    found += _recording(results)
    lecture, storm = rows_of(results, "lecture"), rows_of(results, "storm")
    if lecture:
        served = max((float(row["viewers"]) for row in lecture if row["met"]), default=0.0)
        what = "Viewers of a lecture that one node on one core serves (lost < 0.1 %, delay p95 < 20 ms)"
        found.append(Aim(what, "viewers", 1000, False, served))
    if storm:
        row = storm[0]
        all_there = row["all_have_picture_ms"] if row["with_picture"] == row["joiners"] else None
        found.append(Aim(f"{row['joiners']} join at once: all have pictures", "ms", 30_000, True, all_there))
        what = "Delay p95 of a running call meanwhile"
        found.append(Aim(what, "ms", 50, True, row["delay_p95_meanwhile_ms"]))
    for row in rows_of(results, "publishers"):
        who = f"{row['publishers']} begin to send at once"
        all_there = row["last_s"] if row["show_all"] == row["publishers"] else None
        found.append(Aim(f"{who}: each shows the {row['watch_each']} it watches", "s", 20, True, all_there))
        what = f"{who}: delay p95 of a running call meanwhile"
        found.append(Aim(what, "ms", 50, True, row["delay_p95_meanwhile_ms"]))
    for row in rows_of(results, "city_console"):
        who = f"Console in Chromium, {row['stations']:,} stations in its meeting"
        found.append(Aim(f"{who}: a key answers while they join, p95", "ms", 100, True, row["key_p95_ms"]))
        found.append(Aim(f"{who}: longest task meanwhile", "ms", 200, True, row["longest_task_ms"]))
        for key in ("broadcast", "mute", "roll_call_step"):
            what = f"{who}: the chair's key to its effect at the stations, {key.replace('_', ' ')}, p95"
            found.append(Aim(what, "ms", 300, True, row[f"{key}_p95_ms"]))
    return found + _archive(results) + _grids(results) + _city(rows_of(results, "city"))


def _archive(results: Results) -> list[Aim]:
    """What a clerk waits for: finding, reviewing, films and proofs."""
    found = []
    for row in rows_of(results, "search"):
        if row.get("p95_ms") is not None:
            what = f"Search over 2,000 meetings, {row['database']}: {row['what']}, p95"
            limit = 1000 if "first page" in row["what"] else 300
            found.append(Aim(what, "ms", limit, True, row["p95_ms"]))
    for row in rows_of(results, "review") + rows_of(results, "review_firefox"):
        who = f"Four raw tracks of ten minutes in {row['browser']}"
        found.append(Aim(f"{who}: playing after the click", "ms", 1000, True, row["start_ms"]))
        found.append(Aim(f"{who}: another moment shown, p95", "ms", 500, True, row["seek_p95_ms"]))
        found.append(Aim(f"{who}: tracks apart, p95", "ms", 80, True, row["apart_p95_ms"]))
    four = find(rows_of(results, "film"), "times", tiles=4)
    what = "Film of four 720p tiles at 25 fps, film made a second of one core"
    found.append(Aim(what, "s", 1.4, False, four))
    for row in rows_of(results, "evidence"):
        what = f"Bundle of {row['entries']:,} entries verified by the stand-alone program"
        found.append(Aim(what, "s", 10, True, row["verified_s"]))
    return found


def _cameras(rows: Sequence[Row]) -> list[Aim]:
    """What a camera costs the gateway."""
    found = []
    for way, figure, unit, limit, what in (
        ("read", "core_percent_a_camera", "% of a core", 0.6, "A camera of 2 Mbit/s read and fitted"),
        ("read", "mb_a_camera", "MB", 2, "Memory a camera"),
        (
            "read",
            "late_p50_ms",
            "ms",
            60,
            "A camera's picture, from its moment to the gateway's hands, median",
        ),
        ("relayed", "core_percent_a_camera", "% of a core", 0.6, "A camera of 2 Mbit/s, its relay included"),
        ("relayed", "mb_a_camera", "MB", 2, "Memory a camera, its relay included"),
    ):
        worst = max((float(row[figure]) for row in rows if row.get("way", "read") == way), default=None)
        found.append(Aim(what, unit, limit, True, worst))
    return found


def _camera_faults(rows: Sequence[Row]) -> list[Aim]:
    """Cameras from request to picture, and back after their faults."""
    found = []
    for row in rows:
        case = str(row["case"])
        if "aim_ms" in row:
            what = f"Cameras, {case}, p95 of {row['times']}"
            found.append(Aim(what, "ms", float(row["aim_ms"]), True, float(row["p95_ms"])))
        elif "pulls" in row:
            # None would mean that another camera was counted than the one they watched.
            found.append(Aim(f"Pulls of a camera with {case}", "pulls", 1, True, float(row["pulls"]) or None))
    return found


def _camera_directory(rows: Sequence[Row]) -> list[Aim]:
    """A directory of a province's cameras: brought beside a meeting, listed, counted, searched."""
    found = []
    for row in rows:
        database = row["database"]
        if row["what"] == "loaded":
            what = f"{row['cameras']:,} cameras brought while a meeting runs, {database}"
            found.append(Aim(what, "s", 60, True, float(row["load_s"])))
        else:
            names = {
                "list": "listed",
                "numbers": "counted by center",
                "tags": "their tags",
                "search": "searched",
            }
            what = f"Those cameras, {names[row['what']]}, by one of a {row['who']}, {database}, p95"
            found.append(Aim(what, "ms", 300, True, float(row["p95_ms"])))
    return found


def _dispatch(results: Results) -> list[Aim]:
    """What orders, their receipts and lists ask of the hub, on each database."""
    orders, killed = rows_of(results, "orders"), rows_of(results, "orders_killed")
    found = []
    for database in ("sqlite", "postgresql"):
        shown = find(orders, "p95_ms", what="shown", database=database)
        found.append(Aim(f"Order issued to order shown, p95, {database}", "ms", 200, True, shown))
        signed = {"what": "signed within 5 s", "database": database}
        many = "1,700 receipts in 5 s"
        found.append(
            Aim(f"{many}: answered, p95, {database}", "ms", 300, True, find(orders, "p95_ms", **signed))
        )
        committed = find(orders, "committed", **signed)
        found.append(Aim(f"{many}: committed, {database}", "receipts", 1700, False, committed))
    for row in killed:
        wrong = sum(
            row[name] for name in ("lost", "doubled", "out_of_order", "answered_otherwise", "unsound")
        )
        what = f"{row['answered']:,} answers about orders under kill -9, {row['database']}: lost, doubled or otherwise"
        found.append(Aim(what, "answers", 0, True, wrong))
    for row in rows_of(results, "lists"):
        who = f"A list of {row['rows']:,} rows, {row['database']}"
        found.append(Aim(f"{who}: loaded while a meeting runs", "s", 60, True, row["load_s"]))
        found.append(Aim(f"{who}: boards that a recount contradicts", "boards", 0, True, row["wrong"]))
        pages = [row[name] for name in row if name.startswith(("board_", "lists_", "rows_p95"))]
        found.append(Aim(f"{who}: pages while its day is cleared, p95, worst", "ms", 300, True, max(pages)))
        found.append(Aim(f"{who}: rows left after their time", "rows", 0, True, row["rows_left"]))
    for row in rows_of(results, "list_grids"):
        who = f"A list of {row['rows']:,} rows, {row['households']:,} households"
        found.append(Aim(f"{who}: found and given to grids", "s", 60, True, row["matched_and_shared_s"]))
        found.append(Aim(f"{who}: rows with another grid than their person's", "rows", 0, True, row["wrong"]))
        for figure, what in (
            ("commands_beside_p95_ms", "others' commands meanwhile"),
            ("commands_beside_clearing_p95_ms", "others' commands while members clear them"),
            ("work_p95_ms", "a member's work"),
            ("report_p95_ms", "a row told of"),
        ):
            found.append(Aim(f"{who}: {what}, p95", "ms", 150, True, row[figure]))
        lost = row["left_of_given"] + row["rows_left"] + row["unsound"]
        found.append(Aim(f"{who}: lost, left after their time, or unsound", "rows", 0, True, lost))
    return found


def _grids(results: Results) -> list[Aim]:
    """What a city's households, sweeps and phones ask of the hub."""
    found = []
    for row in rows_of(results, "sweep"):
        who = f"A sweep of {row['households']:,} households"
        pages = [row[name] for name in row if name.startswith("board_")]
        pages += [row["unvisited_p95_ms"], row["conflicts_p95_ms"]]
        found += [
            Aim(f"{who}: boards that a recount contradicts", "boards", 0, True, row["wrong"]),
            Aim(f"{who}: pages while visits come, p95, worst", "ms", 300, True, max(pages)),
            Aim(
                f"{who}: 38,000 members sync within ten minutes",
                "cores",
                1,
                True,
                row["sync_38000_in_10_min_cores"],
            ),
            Aim(
                f"{who}: 38,000 phones ask every two minutes and nothing is new",
                "cores",
                0.5,
                True,
                row["asking_38000_cores"],
            ),
            Aim(f"{who}: rows lost or doubled by splits of grids", "rows", 0, True, row["split_wrong"]),
            Aim(f"{who}: the hub is ready again", "s", 60, True, row["start_s"]),
        ]
    found += _views(rows_of(results, "views"))
    found += _phones(results)
    for row in rows_of(results, "registry"):
        who = f"A registry of {row['households']:,} households"
        for figure, what, limit in (
            ("cards_p95_ms", "a grid's cards", 300),
            ("number_p95_ms", "somebody found by number", 300),
            ("alike_p95_ms", "those who may be the same in a village", 300),
            ("sums_p95_ms", "sums of all villages", 300),
        ):
            found.append(Aim(f"{who}: {what}, p95", "ms", limit, True, row[figure]))
    return found


def _views(rows: Sequence[Row]) -> list[Aim]:
    """What offices wait for that look at registry and visits."""
    if not rows:
        return []
    who = f"Views over {rows[0]['households']:,} households"

    def worst(figure: str, **where: object) -> float | None:
        """None where it was not come to, however few such rows there are."""
        those = [row for row in rows if all(row.get(name) == value for name, value in where.items())]
        values = [row.get(figure) for row in those]
        return None if None in values else max(map(float, filter(None, values)), default=None)

    pages = [float(row["page_p95_ms"]) for row in rows if row.get("page_p95_ms") is not None]
    found = [
        Aim(f"{who}: a page, p95, worst of all views", "ms", 300, True, max(pages, default=None)),
        Aim(
            f"{who}: first rows of a rare answer, after the click",
            "ms",
            1000,
            True,
            worst("first_rows_ms", view="rare answer"),
        ),
        Aim(
            f"{who}: with other rows than there are", "views", 0, True, sum(row["wrong"] or 0 for row in rows)
        ),
    ]
    for row in rows:
        if row.get("file_s") is not None:
            what = f"{who}: {row['rows_listed']:,} rows as a spreadsheet"
            found.append(Aim(what, "s", 60, True, row["file_s"]))
            found.append(Aim(f"{who}: a page meanwhile, p95", "ms", 300, True, row["beside_page_p95_ms"]))
    return found


def _phones(results: Results) -> list[Aim]:
    """What somebody at a door waits for, and what is left of his words when all is killed."""
    found = []
    for row in rows_of(results, "phones"):
        kills = row["kills_of_browsers"] + row["kills_of_hub"]
        who = f"{row['phones']} phones without a line for two hours, {kills} kills: {row['visits']} visits"
        wrong = ("lost", "doubled", "out_of_order", "otherwise", "photos_wrong", "unsound")
        what = f"{who} and {row['photos']} photos lost, doubled, out of order or otherwise"
        found.append(Aim(what, "visits", 0, True, sum(row[name] for name in wrong)))
    rows = rows_of(results, "phone_page")
    if rows:
        kept = find(rows, "bytes", what="shell kept")
        known = {"what": "known household, nothing changed"}
        found += [
            Aim(
                "A visit accepted on line, p95", "ms", 150, True, find(rows, "p95_ms", what="visit accepted")
            ),
            Aim(
                "First sync of 50 households at 256 kbit/s, from binding, p95",
                "ms",
                3000,
                True,
                find(rows, "p95_ms", what="first sync at 256 kbit/s"),
            ),
            Aim("A known household, nothing changed", "taps", 2, True, find(rows, "taps", **known)),
            Aim("The same from opening the page, p95", "ms", 5000, True, find(rows, "p95_ms", **known)),
            Aim("The shell of the phone page", "kB", 200, True, None if kept is None else kept / 1000),
        ]
    return found


def _city(rows: Sequence[Row]) -> list[Aim]:
    """What all centers in one meeting ask of the hub."""
    sizes = sorted({int(row["stations"]) for row in rows})
    if not sizes:
        return []
    whole = [row for row in rows if row["stations"] == sizes[-1]]
    who = f"{sizes[-1]:,} stations in one meeting"

    def most(figure: str) -> float:
        return max(float(row[figure] or 0) for row in whole)

    def sum_of(figure: str, of: Sequence[Row]) -> float:
        return round(sum(float(row[figure] or 0) for row in of), 1)

    got_there = all(row["missing"] == 0 for row in whole)
    found = [
        Aim(f"{who}: the call in the ears of all, p95", "s", 2, True, find(whole, "p95_s", step="call")),
        Aim(f"{who}: joined and told", "s", 60, True, find(whole, "told_s", step="join")),
        Aim(f"{who}: lines lost", "lines", 0, True, sum_of("lost", whole)),
        Aim(f"{who}: to a station in all", "KiB", 60, True, sum_of("station_kib", whole)),
        Aim(f"{who}: to a console in all", "KiB", 5120, True, sum_of("console_kib", whole)),
        Aim(f"{who}: delay of control's loop, p99 of the worst step", "ms", 100, True, most("lag_p99_ms")),
        Aim(f"{who}: memory of control", "MiB", 700, True, most("control_mib")),
        Aim(
            f"{who}: all back after kill -9 of control",
            "s",
            60,
            True,
            find(whole, "last_s", step="back") if got_there else None,
        ),
    ]
    if len(sizes) > 1:
        small = [row for row in rows if row["stations"] == sizes[0]]
        for figure, what in (
            ("station_kib", "bytes to a station"),
            ("control_cpu_s", "CPU of control a station"),
        ):
            a_station = [
                sum_of(figure, part) / (1 if figure == "station_kib" else size)
                for part, size in ((small, sizes[0]), (whole, sizes[-1]))
            ]
            found.append(
                Aim(
                    f"{who}: {what} against {sizes[0]}",
                    "times",
                    1.3,
                    True,
                    round(a_station[1] / a_station[0], 2),
                )
            )
    return found


def _recording(results: Results) -> list[Aim]:
    """What a recording costs and survives."""
    found = []
    six = find(rows_of(results, "recorder"), "percent_of_a_core_each", picture="720p", publishers=6)
    found.append(
        Aim("CPU of the recorder a 720p track at 1.5 Mbit/s, six of them", "% of a core", 3, True, six)
    )
    for row in rows_of(results, "recording_hour"):
        who = f"{row['publishers']} publishers recorded for {row['minutes']:g} minutes"
        found.append(
            Aim(f"{who}: tone from its flash, worst", "ms", 100, True, row["flash_to_tone_worst_ms"])
        )
        off = row["off_the_true_moment_worst_ms"]
        found.append(Aim(f"{who}: flash from its true moment, worst", "ms", 500, True, off))
        decode = row["parts"] - row["parts_that_decode"]
        found.append(Aim(f"{who}: parts that do not decode", "parts", 0, True, decode))
    for row in rows_of(results, "recording_kills"):
        if row["killed"] == "all":
            who = f"{row['kills']} kills -9 while six are recorded"
            unopened = row["of_files"] - row["files_opened_unrepaired"]
            found.append(Aim(f"{who}: files that do not open unrepaired", "files", 0, True, unopened))
            found.append(Aim(f"{who}: what a file lacks, worst", "s", 2, True, row["tail_worst_s"]))
            found.append(Aim(f"{who}: until a new part, worst", "s", 5, True, row["new_part_worst_s"]))
            found.append(
                Aim(f"{who}: finished files that changed", "files", 0, True, row["earlier_bytes_changed"])
            )
    return found


def _forwarding(rows: Sequence[Row]) -> list[Aim]:
    """What a forwarded packet costs, and what a viewer takes, on one node."""
    source = "1.5 Mbit/s at 30 fps, with feedback from all"
    found = [
        Aim(
            f"CPU of the node a forwarded packet, {viewers} viewers, {source}, {how}",
            "µs",
            limit,
            True,
            find(rows, "us_per_packet", subscribers=viewers, source=pace, compiled="yes"),
        )
        for viewers, pace, how, limit in (
            (60, "bursts", "a picture at once", 6.5),
            (120, "bursts", "a picture at once", 5.5),
            (60, "even", "evenly paced", 13),
        )
    ]
    many = {"source": "bursts", "compiled": "yes"}
    memory = find(rows, "memory_per_subscriber_bytes", subscribers=60, **many)
    found.append(
        Aim("Memory of the node a viewer", "KiB", 150, True, round(memory / 1024) if memory else None)
    )
    p99 = find(rows, "delay_p99_ms", subscribers=700, **many)
    found.append(Aim("Delay p99 with 700 viewers, key frames included", "ms", 30, True, p99))
    for viewers in (60, 120):
        costs = [
            find(rows, "us_per_packet", subscribers=viewers, source="bursts", compiled=how)
            for how in ("no", "yes")
        ]
        gain = round(costs[0] / costs[1], 2) if costs[0] and costs[1] else None
        found.append(
            Aim(f"Cost in Python alone against compiled, {viewers} viewers", "times", 1.5, False, gain)
        )
    return found


def _beside_janus(rows: Sequence[Row]) -> list[Aim]:
    """What a forwarded packet costs beside Janus in the same minutes."""
    return [
        Aim(
            f"CPU a packet as a share of Janus's {how}, {viewers} viewers",
            "times",
            limit,
            True,
            find(rows, f"of_{name}", subscribers=viewers),
        )
        for name, how, limit in (
            ("janus_event_loops_1", "with event_loops=1", 0.45),
            ("janus_default", "as it comes", 0.25),
        )
        for viewers in (60, 120)
    ]


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table; the columns are those of all rows, in the order in which they first come."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [
        "| " + " | ".join(column.replace("_", " ") for column in columns) + " |",
        "|" + "---|" * len(columns),
    ]
    lines += ["| " + " | ".join(_cell(row.get(column)) for column in columns) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def aims_table(results: Results) -> str:
    """The aims beside what was measured."""
    return table(
        [
            {
                "figure": aim.what,
                "aim": f"{'≤' if aim.at_most else '≥'} {aim.limit:,g} {aim.unit}",
                "measured": f"{aim.measured:,g} {aim.unit}" if aim.measured is not None else None,
                "": aim.verdict,
            }
            for aim in aims(results)
        ]
    )


def _version(*command: str) -> str:
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return "not there"
    return found.stdout.strip().splitlines()[0]


def busy_share(seconds: float = 3.0) -> float:
    """Share of all cores that is busy during the next seconds, 0 to 1."""

    def ticks() -> tuple[int, int]:
        fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(fields), fields[3] + fields[4]

    total, idle = ticks()
    time.sleep(seconds)
    total_after, idle_after = ticks()
    return 1 - (idle_after - idle) / max(1, total_after - total)


def machine(busy: float) -> str:
    """What it was measured on, without names of hosts or folders. `busy` is `busy_share` before the beginning."""
    processors = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    kilobytes = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    quiet = "" if busy <= QUIET_SHARE else ": **not quiet, figures are worse than they should be**"
    rows = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{processors[0] if processors else platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{kilobytes / 2**20:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "Chromium": _version("/usr/bin/chromium", "--version"),
        "PostgreSQL": _version("/usr/lib/postgresql/15/bin/postgres", "--version"),
        "busy before the beginning": f"{busy:.0%} of all cores{quiet}",
    }
    return "\n".join(f"- {name}: {value}" for name, value in rows.items())


def render(
    results: Results, how: Mapping[str, str], machine: str, measured: Mapping[str, str] | None = None
) -> str:
    """The whole page. `how` has, for each measurement, in words what it does; `machine` is what `machine` said, `measured`
    when those were made that were not made then."""
    parts = [
        "# Benchmarks",
        "Written by `make bench`; do not edit. Everything runs on one machine over the loopback, source, viewers and browser "
        "included, so the figures are those of a machine that also does the other side's work.",
        "## Machine",
        machine,
        "## Aims",
        aims_table(results),
    ]
    for name, rows in results.items():
        parts += [f"## {name}", how[name]]
        if measured is not None and name in measured:
            parts.append(f"{_MEASURED}{measured[name]}.")
        parts.append(table(rows) if isinstance(rows, list) else f"{_FAILED}{rows}")
    return "\n\n".join(parts) + "\n"


def now_said(busy: float) -> str:
    """This moment, and how busy the machine was before the beginning."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M UTC}, {busy:.0%} of all cores busy before the beginning"


_MEASURED: Final = "Measured on "
_FAILED: Final = "Failed: "


def read_page(page: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """What stands on a page that `render` wrote: machine, results, and when those were measured that say so."""
    machine = page.partition("\n## Machine\n")[2].partition("\n## ")[0].strip()
    results: dict[str, Any] = {}
    measured: dict[str, str] = {}
    for section in page.split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        if name in ("Machine", "Aims"):
            continue
        lines = text.strip().splitlines()
        for line in lines:
            if line.startswith(_MEASURED):
                measured[name] = line.removeprefix(_MEASURED).removesuffix(".")
        failed = [line for line in lines if line.startswith(_FAILED)]
        cells = [line[2:-2].split(" | ") for line in lines if line.startswith("| ")]
        if failed or not cells:
            results[name] = failed[-1].removeprefix(_FAILED) if failed else "nothing stood there"
            continue
        columns = [cell.replace(" ", "_") for cell in cells[0]]
        results[name] = [dict(zip(columns, map(_value, row), strict=True)) for row in cells[1:]]
    return machine, results, measured


def _value(cell: str) -> object:
    """A cell as `_cell` wrote it."""
    if cell == "–":
        return None
    plain = cell.replace(",", "")
    for number in (int, float):
        try:
            return number(plain)
        except ValueError:
            pass
    return cell
