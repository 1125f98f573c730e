"""300,000 cameras in the real directory: ``python -m tests.bench.bench_camera_directory [--cameras 300000]``. Prints JSON.

A CSV with addresses, users and passwords is brought, looked at, matched and loaded with the edge's own calls, on SQLite and
PostgreSQL; beside the loading commands of a meeting are given, whose answers are timed. Then pages of the list, the numbers by
center, and searches of common and rare words are read by a city's, a county's and a village's leader; at last it is taken back.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from tests.bench.live import percentiles
from tests.support import rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.postgres import running_postgres

ALL: Final = "/api/v1/cameras"
_SPOTS: Final = """
村口 桥头 水库大坝 学校门口 卫生室 广场 路口东 路口西 河堤 渡口 变电站 养老院 集市 停车场 山塘
"""
SPOTS: Final = tuple(_SPOTS.split())
HEAD: Final = (
    "区划编码",
    "设备名称",
    "国标编码",
    "RTSP地址",
    "子码流",
    "用户名",
    "密码",
    "标签",
    "安装位置",
)
ASKED: Final = (
    {"q": "水库"},
    {"q": "水库大坝"},
    {"q": "shuiku"},
    {"q": "skdb"},
    {"q": "临湘 大坝"},
    {"q": "坦渡"},
    {"q": "学校 河堤"},
    {"q": "没有这个"},
    {"q": "430682115210"},
    {"tag": "学校"},
    {"q": "广场", "kind": "fixed"},
)


def book(tree: CenterTree, cameras: int) -> bytes:
    """Made-up cameras of real villages."""
    chance = random.Random(7)
    villages = [each for each in tree.subtree(tree.roots[0].code) if each.level == "village"]
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow(HEAD)
    for number in range(cameras):
        village, spot = chance.choice(villages), chance.choice(SPOTS)
        host = f"10.{43 + number // 60_000}.{number // 250 % 240}.{number % 250 + 1}"
        address = f"rtsp://{host}:554/Streaming/Channels"
        name = f"{village.name}{spot}{number % 40 + 1}号"
        row = (village.code, name, f"{village.code[:8]}1320{number:06d}", f"{address}/101", f"{address}/102")
        tags = "学校" if number % 3 == 0 else "路口 河道"
        sheet.writerow([*row, "viewer", f"made-up-{number}", tags, f"{spot}东侧{number % 9}米"])
    return file.getvalue().encode()


async def timed(asked: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = await asked
    return time.perf_counter() - begun, found


async def post(person: Person, path: str, **body: Any) -> Any:
    async with person.http.post(path, json=body) as answer:
        found = await answer.json()
        assert answer.status < 300, found
        return found


async def beside(edge: Edge, until: asyncio.Event) -> list[float]:
    """How long commands of a meeting take meanwhile, in milliseconds."""
    leader = await edge.person("leader", rules.CITY, number=8)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[rules.VILLAGE])
    meeting = str(opened["entries"][0]["meeting"])
    took = []
    while not until.is_set():
        spent, _ = await timed(leader.command("note.add", meeting, text="水位正常"))
        took.append(spent * 1000)
        await asyncio.sleep(0.05)
    return took


async def loaded(admin: Person, draft: str, columns: list[str]) -> dict[str, Any]:
    path = f"{ALL}/drafts/{draft}"
    await post(admin, f"{path}/load", columns=columns)
    while (found := await admin.get(path))["state"] == "loading":
        await asyncio.sleep(0.2)
    assert found["state"] == "loaded", found
    return found


async def measured(edge: Edge, content: bytes) -> list[dict[str, Any]]:
    admin = await edge.person("system_admin", rules.CITY)
    database = edge.database.engine.dialect.name
    async with admin.http.post(f"{ALL}/drafts", data=content) as answer:
        draft = await answer.json()
        assert answer.status == 201, draft
    columns = [column["guess"] for column in draft["columns"]]
    matching, seen = await timed(post(admin, f"{ALL}/drafts/{draft['draft']}/match", columns=columns))
    over = asyncio.Event()
    others = asyncio.create_task(beside(edge, over))
    loading, _ = await timed(loaded(admin, draft["draft"], columns))
    over.set()
    took = await others
    rows: list[dict[str, Any]] = [
        {
            "database": database,
            "what": "loaded",
            "cameras": seen["cameras"],
            "match_s": round(matching, 1),
            "load_s": round(loading, 1),
            "command_p50_ms": round(statistics.median(took), 1),
            "command_p95_ms": percentiles(took)["p95_ms"],
            "megabytes": (
                round(edge.database.path.stat().st_size / 1e6) if edge.database.path is not None else None
            ),
        }
    ]
    people = [
        await edge.person("leader", center, number=5) for center in (rules.CITY, rules.COUNTY, rules.VILLAGE)
    ]
    for what, path, queries in (
        ("list", ALL, ({}, {"below": "no"}, {"center": rules.VILLAGE}, {"state": "unknown"})),
        ("numbers", f"{ALL}/counts", ({},)),
        ("tags", f"{ALL}/tags", ({},)),
        ("search", ALL, ASKED),
    ):
        for person in people:
            spent = []
            for _ in range(5):
                for query in queries:
                    seconds, _ = await timed(person.get(path, **query))
                    spent.append(seconds * 1000)
            level = edge.services.tree[person.account.center].level
            rows.append({"database": database, "what": what, "who": level, **percentiles(spent)})
    batch = (await admin.get(f"{ALL}/imports"))["imports"][0]["batch"]
    async with admin.http.delete(f"{ALL}/imports/{batch}") as answer:
        assert answer.status == 200
    return rows


async def run(cameras: int, databases: list[str]) -> dict[str, Any]:
    tree = CenterTree(yueyang_centers())
    content = book(tree, cameras)
    rows: list[dict[str, Any]] = []
    with running_postgres() as server:
        for name in databases:
            with tempfile.TemporaryDirectory() as folder:
                url = server.new_database() if name == "postgresql" else None
                async with running_edge(
                    Path(folder), database_url=url, HUB_CAMERA_NETWORKS="10.0.0.0/8"
                ) as edge:
                    edge.services.tree = tree
                    rows += await measured(edge, content)
    return {"camera_directory": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=300_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(run(arguments.cameras, arguments.databases)), ensure_ascii=False))


if __name__ == "__main__":
    main()
