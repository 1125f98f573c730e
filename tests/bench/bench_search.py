"""Finding by words: ``python -m tests.bench.bench_search [--meetings 2000] [--entries 200000]``. Prints JSON.

Meetings of a whole city over two years, with what was reported, ordered, done, decided and noted in them, are written into
SQLite and PostgreSQL as the hub writes them. Then words of two to six characters, common ones and rare ones, are looked
for by a city's leader, a county's leader and a village's station, each page with its rights, its count and its pieces of
text; and the archive's first page is read. Writing is told with the index and as the same rows without it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hub.directory.accounts import CLERK, LEADER, STATION, Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import Center, CenterTree
from hub.entry import EVERYONE_IN_MEETING, Actor, Draft, Entry, center_audience
from hub.filters import FindFilter
from hub.ids import new_id
from hub.journal.chain import GENESIS, seal
from hub.store import tables
from hub.store.bulk import run_changes, write
from hub.store.database import Database, open_database
from hub.store.journal_store import mark
from hub.store.projections import project
from hub.store.queries import Queries
from hub.store.rows import entry_row
from tests.bench.live import percentiles
from tests.support.postgres import running_postgres

BEGIN: Final = datetime(2024, 12, 1, 8, tzinfo=UTC)
PIECE: Final = 5_000
#: What people speak of, the most common first.
_WORDS: Final = """
水位 上涨 检查站 卡口 转移 群众 巡查 河堤 大堤 管涌 渗漏 沙袋 物资 车辆 道路 塌方 山洪 预警 降雨
暴雨 雷电 停电 通信 中断 医院 卫生院 药品 口罩 核酸 隔离 返乡 人员 登记 摸排 名单 值班 值守 干部
党员 志愿者 学校 养老院 敬老院 水库 泄洪 闸门 泵站 排涝 内涝 低洼 危房 安置点 棉被 饮用水 食品 价格
市场 监管 企业 复工 复产 消防 火情 森林 防火 秸秆 焚烧 环境 整治 垃圾 污水 河长 湖泊 洞庭湖 湘江
码头 渡口 船只 渔民 禁捕 巡逻 治安 矛盾 纠纷 信访 诉求 调解 反馈 核实 处置 办结 上报 通报
"""
WORDS: Final = tuple(_WORDS.split())
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英"
#: Looked for besides some of those words: two to six characters, across words, of names, and none that there are.
_ASKED: Final = """
水位 检查站 河堤巡查 洞庭湖 安置点棉被 群众转移 坦渡 长岭村 管涌渗漏 水库泄洪闸门 志愿者 王伟 调解反馈
tanducun tdc 第17次 防火 火情森林 复工复产 没有这个词 水位上涨检查 码头船只
"""
ASKED: Final = tuple(_ASKED.split())


def author(center: Center, account: str, name: str) -> dict[str, str]:
    return {"id": account, "name": name, "center": center.code, "center_name": center.name}


class City:
    """Entries of many meetings, made by a fixed seed."""

    def __init__(self, meetings: int, entries: int) -> None:
        self.random = random.Random(7)
        self.tree = CenterTree(yueyang_centers())
        self.centers = self.tree.subtree(self.tree.roots[0].code)
        self.meetings, self.each = meetings, max(10, entries // meetings)
        self.people = {each.code: self._name() for each in self.centers}

    def _name(self) -> str:
        given = "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2))))
        return self.random.choice(SURNAMES) + given

    def text(self) -> str:
        # as in speech, few words are said often and most are rare
        count = self.random.randint(3, 9)
        words = [WORDS[min(int(self.random.expovariate(1 / 22)), len(WORDS) - 1)] for _ in range(count)]
        return (
            "，".join("".join(words[at : at + 2]) for at in range(0, count, 2))
            + f"{self.random.randint(2, 90)}处。"
        )

    def drafts(self) -> Iterator[tuple[datetime, Center, Draft]]:
        counties = [each for each in self.centers if each.level == "county"]
        for number in range(self.meetings):
            at = BEGIN + timedelta(hours=8 * number)
            county = self.random.choice(counties)
            chair = self.centers[0] if number % 2 else county
            below = self.tree.subtree(county.code)[1:]
            called = self.random.sample(below, min(len(below), 12))
            yield from self._meeting(number, at, chair, called)

    def _meeting(
        self, number: int, at: datetime, chair: Center, called: list[Center]
    ) -> Iterator[tuple[datetime, Center, Draft]]:
        meeting = new_id("m", at)
        shared = (EVERYONE_IN_MEETING,)
        lead = {
            **author(chair, f"a_{chair.code}", self.people[chair.code]),
            "role": LEADER,
            "level": chair.level,
        }
        opened = {
            "title": f"{self.random.choice(WORDS)}{self.random.choice(WORDS)}调度会第{number}次",
            "kind": "dispatch",
            "centers": [each.code for each in called],
            "record": True,
            "chair": lead,
            "drill": number % 40 == 0,
        }
        yield at, chair, Draft("meeting.opened", meeting, opened, shared)
        for each in called:
            who = {
                **author(each, f"a_{each.code}", self.people[each.code]),
                "role": STATION,
                "level": each.level,
            }
            yield at, each, Draft("meeting.joined", meeting, {"participant": who, "unit": None}, shared)
        order = ""
        for step in range(self.each - len(called) - 2):
            at += timedelta(seconds=20)
            center = self.random.choice(called)
            signed = author(chair, lead["id"], lead["name"])
            kind = step % 10
            if kind in (0, 1, 2, 3):
                data: dict[str, Any] = {
                    "report": new_id("e", at),
                    "situation": "normal",
                    "text": self.text(),
                    "center": center.code,
                    "name": center.name,
                }
                yield (
                    at,
                    center,
                    Draft("report.filed", meeting, data, (*shared, center_audience(center.code))),
                )
            elif kind == 4:
                order = new_id("o", at)
                data = {
                    "order": order,
                    "text": self.text(),
                    "priority": "normal",
                    "due": None,
                    "targets": [{"center": each.code, "name": each.name} for each in called[:6]],
                    "issuer": signed,
                }
                audience = tuple(center_audience(each.code) for each in (chair, *called[:6]))
                yield at, chair, Draft("order.issued", meeting, data, audience)
            elif kind in (5, 6):
                target = called[step % 6]
                data = {
                    "order": order,
                    "center": target.code,
                    "name": target.name,
                    "account_name": self.people[target.code],
                    "text": self.text(),
                    "percent": 50,
                }
                audience = (center_audience(chair.code), center_audience(target.code))
                yield at, target, Draft("order.progressed", meeting, data, audience)
            elif kind == 7:
                data = {"decision": new_id("d", at), "text": self.text(), "by": signed}
                yield at, chair, Draft("decision.recorded", meeting, data, shared)
            elif kind == 8:
                data = {"note": new_id("n", at), "text": self.text(), "at": None, "by": signed}
                yield at, chair, Draft("note.added", meeting, data, shared)
            else:
                data = {"participant": f"a_{center.code}"}
                yield at, chair, Draft("stage.broadcast", meeting, data, shared)
        yield at, chair, Draft("meeting.ended", meeting, {}, shared)


def entries_of(city: City) -> list[Entry]:
    prev, sealed = GENESIS, []
    for seq, (at, center, draft) in enumerate(city.drafts(), start=1):
        entry = seal(seq, at, Actor(f"a_{center.code}", center.code), draft, prev)
        sealed.append(entry)
        prev = entry.hash
    return sealed


def fill(database: Database, entries: list[Entry]) -> float:
    """Write all of it in pieces as the hub's writer does; seconds."""
    begun = time.perf_counter()
    for start in range(0, len(entries), PIECE):
        piece = entries[start : start + PIECE]
        with database.writing() as connection:
            write(connection, {tables.entries: [entry_row(each) for each in piece]}, [])
            changes = (change for entry in piece for change in project(entry, None))
            run_changes(connection, changes)
            run_changes(connection, [mark(piece[-1].seq)])
    return time.perf_counter() - begun


async def timed(work: Any) -> float:
    begun = time.perf_counter()
    await work
    return (time.perf_counter() - begun) * 1000


async def measured(database: Database, city: City) -> list[dict[str, Any]]:
    queries, tree = Queries(database), city.tree
    county = next(each for each in city.centers if each.level == "county")
    village = next(each for each in reversed(city.centers) if each.level == "village")
    who = {
        "a city's leader": Account("a_1", "leader", "王某", LEADER, city.centers[0].code),
        "a county's clerk": Account("a_2", "clerk", "李某", CLERK, county.code),
        "a village's station": Account("a_3", "station", "张某", STATION, village.code),
    }
    asked = [*ASKED, *WORDS[::4]]
    rows: list[dict[str, Any]] = []
    name = database.engine.dialect.name
    for label, account in who.items():
        spent = []
        for words in asked:
            for before in (None, (150_000, 10**17)):
                spent.append(await timed(queries.find(account, tree, FindFilter(text=words, before=before))))
        rows.append({"database": name, "what": f"words, {label}", **percentiles(spent)})
        narrow = [
            FindFilter(text="水位", sorts=frozenset({"report"})),
            FindFilter(text="水位", center=county.code),
            FindFilter(text="水位", state="over", since=BEGIN.isoformat()),
            FindFilter(sorts=frozenset({"decision"})),
            FindFilter(center=county.code, sorts=frozenset({"report"})),
        ]
        spent = [await timed(queries.find(account, tree, each)) for each in narrow for _ in range(4)]
        rows.append({"database": name, "what": f"filters, {label}", **percentiles(spent)})
        spent = [await timed(queries.meetings(account, tree, limit=30)) for _ in range(10)]
        rows.append({"database": name, "what": f"archive's first page, {label}", **percentiles(spent)})
    return rows


async def run(meetings: int, entries: int) -> dict[str, Any]:
    city = City(meetings, entries)
    sealed = await asyncio.to_thread(entries_of, city)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        for url in (f"sqlite:///{Path(folder) / 'hub.db'}", server.new_database()):
            database = open_database(url)
            try:
                seconds = await asyncio.to_thread(fill, database, sealed)
                size = database.path.stat().st_size if database.path is not None else None
                rows.append(
                    {
                        "database": database.engine.dialect.name,
                        "what": "written",
                        "entries": len(sealed),
                        "entries_a_second": round(len(sealed) / seconds),
                        "megabytes": None if size is None else round(size / 1e6),
                    }
                )
                rows += await measured(database, city)
            finally:
                await database.close()
    return {"search": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=2_000)
    parser.add_argument("--entries", type=int, default=200_000)
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(run(arguments.meetings, arguments.entries)), ensure_ascii=False))


if __name__ == "__main__":
    main()
