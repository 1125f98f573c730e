"""The walk through all that is read and written of grids over HTTP: every route × role × own grid, another one, village, above.

The routes are the router's: one without a row here fails. Each row says what somebody must be allowed to do it, and what to see
it; the rest is generated from the one table of rights. Who may not see is answered word for word as if it were not there.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from hub.clock import system_clock, to_wire
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, GRID_ROLES, Account
from hub.directory.permissions import may
from hub.grids.catalog import grid_of, grids_of, may_in_grid
from signaling.list_matching import ListMatcher
from tests.support.edge import Edge, Person, running_edge
from tests.support.grid_relations import BEYOND, KNOWN, OWN, Village, fresh
from tests.support.rules import COUNTY, OTHER_COUNTY, TOWN, TREE, VILLAGE

#: What begins so, or is so, must have a row.
WALKED: Final = re.compile(
    r"/api/v1/(registry|errands|visits|sweeps|views|grid-statistics|grids|grid-tasks|grid-work|grid-line"
    r"|devices|clearings/\{clearing\}/(rows|grids|candidates|results)|meetings/\{meeting\}/phones)(/|$)"
)
#: Answered to whoever asks, signed in or not: what a phone does before it is bound, or when its sign-in has ended.
OPEN: Final = {("POST", "/api/v1/devices/bind"), ("GET", "/api/v1/devices/{device}/standing")}
Json = dict[str, Any]
Rule = Callable[[Account], bool]


@dataclass
class Row:
    """A request about something of the grid, and who is answered how."""

    method: str
    path: str
    url: str | Callable[[], str]
    may: Rule
    """Who may."""
    body: Callable[[], Json] | bytes | None = None
    answers: tuple[str, ...] = ("done",)
    """What who may is told: of what is to be changed a refusal that comes after the rights, so that nothing is changed."""
    sees: Rule | None = None
    """Who else sees it, and is told that it is not his to do."""
    door: Rule | None = None
    """Who does anything of the kind anywhere: all others are told so at the door."""
    once: bool = False
    """What costs a process is asked of one who may, and of all who may not."""
    mark: str | None = None
    """Of a list: what stands in the answer of who sees it; others have a list without it, or none."""


class Rights:
    """The table of rights, asked about the grid and its village."""

    def __init__(self, edge: Edge) -> None:
        self._state = edge.writer.state

    def grid(self, *actions: str) -> Rule:
        """About what stands in the grid: one of them is enough."""
        return lambda who: any(may_in_grid(self._state, who, each, TREE, OWN) for each in actions)

    def village(self, *actions: str) -> Rule:
        """About the village as a whole."""
        return at(VILLAGE, *actions)

    def walks(self, action: str) -> Rule:
        """Who has the grid himself."""
        return lambda who: OWN in grids_of(self._state, who.id) and self.grid(action)(who)

    def leads(self, who: Account) -> bool:
        """Who answers for the grid."""
        found = grid_of(self._state, OWN)
        return found is not None and found.leader == who.id

    def some(self, action: str) -> Rule:
        """Who may do it at his own center, or has a grid."""
        return lambda who: may(who, action, TREE, who.center) or bool(grids_of(self._state, who.id))


def at(center: str, *actions: str) -> Rule:
    return lambda who: any(may(who, each, TREE, center) for each in actions)


def own(*actions: str) -> Rule:
    return lambda who: any(may(who, each, TREE, who.center) for each in actions)


def either(*rules: Rule) -> Rule:
    return lambda who: any(rule(who) for rule in rules)


def everybody(who: Account) -> bool:
    return True


def carries(who: Account) -> bool:
    return who.role in GRID_ROLES


def registry(there: Village, rights: Rights) -> Iterator[Row]:
    """``/api/v1/registry``."""
    top, ids = "/api/v1/registry", there.ids
    household, read, keep = f"{top}/households/{ids['household']}", "registry.read", "registry.keep"
    reads, keeps = rights.grid(read), rights.grid(keep)
    grid = f"grid={OWN}"
    base = there.seqs["household"]

    def write(**more: Any) -> Callable[[], Json]:
        return lambda: {"id": fresh(), **more}

    yield Row("GET", f"{top}/counts", f"{top}/counts?parent={VILLAGE}", reads, mark=f'"{OWN}"')
    yield Row("GET", f"{top}/buildings", f"{top}/buildings?{grid}", reads)
    yield Row("GET", f"{top}/buildings/{{building}}", f"{top}/buildings/{ids['building']}", reads)
    yield Row("GET", f"{top}/households", f"{top}/households?{grid}", reads)
    yield Row("GET", f"{top}/unsettled", f"{top}/unsettled?{grid}", reads, mark=ids["late"])
    yield Row("GET", f"{top}/households/{{household}}", household, reads)
    yield Row("GET", f"{top}/households/{{household}}/history", f"{household}/history", reads)
    found = {"number": KNOWN.number}
    yield Row("POST", f"{top}/search", f"{top}/search", reads, lambda: found, mark=ids["household"])
    uncovers = rights.grid("registry.see", "registry.unmask")
    look = f"{top}/households/{{household}}/look"
    yield Row("POST", look, f"{household}/look", uncovers, lambda: {"history": True}, sees=reads)

    new = {"grid": OWN, "place": {"house": ids["house"]}}
    yield Row("POST", f"{top}/households", f"{top}/households", keeps, write(**new), sees=reads)
    yield Row("PATCH", f"{top}/households/{{household}}", household, keeps, write(base=base), sees=reads)
    over = f"{top}/households/{ids['gone']}"
    for what, body in (
        ("move", {"base": base, "place": {"house": ids["house"]}}),
        ("leave", {"base": base}),
        ("merge", {"base": base, "other": ids["household"]}),
    ):
        path = f"{top}/households/{{household}}/{what}"
        yield Row("POST", path, f"{over}/{what}", keeps, write(**body), ("wrong_state",), sees=reads)
    for what in ("back", "unmerge"):
        path = f"{top}/households/{{household}}/{what}"
        yield Row("POST", path, f"{household}/{what}", keeps, write(base=base), ("wrong_state",), sees=reads)
    settles, settle = rights.grid("registry.settle"), f"{top}/households/{{household}}/settle"
    which = write(of=there.seqs["late"], keep="later")
    url = f"{top}/households/{ids['late']}/settle"
    yield Row("POST", settle, url, settles, which, ("already_done",), sees=reads)

    building = {"grid": OWN, "name": "新楼"}
    yield Row("POST", f"{top}/buildings", f"{top}/buildings", keeps, lambda: building, sees=reads)
    path, url = f"{top}/buildings/{{building}}", f"{top}/buildings/{ids['building']}"
    yield Row("PATCH", path, url, keeps, dict, sees=reads)
    yield Row("DELETE", path, url, keeps, None, ("wrong_state",), sees=reads)
    house = {"building": ids["building"], "label": "新房"}
    yield Row("POST", f"{top}/houses", f"{top}/houses", keeps, lambda: house, sees=reads)
    path, url = f"{top}/houses/{{house}}", f"{top}/houses/{ids['house']}"
    yield Row("PATCH", path, url, keeps, dict, sees=reads)
    yield Row("DELETE", path, url, keeps, None, ("wrong_state",), sees=reads)
    unit = {"grid": OWN, "name": "新店"}
    yield Row("POST", f"{top}/units", f"{top}/units", keeps, lambda: unit, sees=reads)
    path, units = f"{top}/units/{{unit}}", iter(there.units)
    yield Row("PATCH", path, f"{top}/units/{ids['unit']}", keeps, dict, sees=reads)
    yield Row("DELETE", path, lambda: f"{top}/units/{next(units)}", keeps, None, sees=reads)

    bring, mine = "registry.bring", there.at("dispatcher", VILLAGE).account.id
    brings, owns, draft = own(bring), lambda who: who.id == mine, f"{top}/drafts/{ids['draft']}"
    wrong = ("unprocessable",)
    yield Row("POST", f"{top}/drafts", f"{top}/drafts", brings, b"PK", wrong, sees=everybody, once=True)
    yield Row("GET", f"{top}/drafts/{{draft}}", draft, owns)
    columns, invalid = {"columns": ["out"]}, ("invalid",)
    for what in ("match", "load"):
        path = f"{top}/drafts/{{draft}}/{what}"
        yield Row("POST", path, f"{draft}/{what}", owns, lambda: columns, invalid, door=brings)
    yield Row("DELETE", f"{top}/drafts/{{draft}}", draft, owns, door=brings)
    imports = f"{top}/imports/{ids['import']}"
    yield Row("GET", f"{top}/imports", f"{top}/imports", brings, sees=everybody)
    # it was begun and never came: nobody has it to take back
    undo = f"{top}/imports/{{batch}}"
    yield Row("DELETE", undo, imports, brings, None, ("not_found",), door=brings)
    masked = {"grids": [OWN], "format": "csv"}
    export, reader = f"{top}/export", rights.some(read)
    yield Row("POST", export, export, reads, lambda: masked, door=reader)
    yield Row("POST", export, export, uncovers, lambda: {**masked, "full": True}, sees=reads, door=reader)


def work(there: Village, rights: Rights) -> Iterator[Row]:
    """Errands, visits, sweeps, orders in grids."""
    ids, now = there.ids, to_wire(system_clock())
    errands, errand_read = "/api/v1/errands", rights.grid("errand.read")
    runs = either(rights.walks("errand.take"), rights.village("errand.take"))
    asked = {"household": ids["household"], "kind": "food", "text": "米", "asked_on": now[:7]}
    yield Row("GET", errands, errands, errand_read, mark=ids["errand"])
    yield Row("POST", errands, errands, runs, lambda: {"id": fresh(), **asked})
    counts = f"{errands}/counts"
    yield Row("GET", counts, f"{counts}?parent={VILLAGE}", rights.village("errand.read"))
    yield Row("GET", f"{errands}/file", f"{errands}/file?format=csv", errand_read, mark=ids["errand"])
    yield Row("GET", f"{errands}/{{errand}}", f"{errands}/{ids['errand']}", errand_read)
    done = f"{errands}/{{errand}}/done"
    url = f"{errands}/{ids['errand over']}/done"
    yield Row("POST", done, url, runs, lambda: {"id": fresh(), "occurred_at": now}, ("wrong_state",))

    sweep, row = ids["sweep"], int(ids["row"])
    # what a center has swept its station reads as its desk does
    read = either(rights.grid("sweep.read"), at(TOWN, "sweep.read"))
    visits, walks = "/api/v1/visits", rights.walks("visit.record")

    def visit() -> Json:
        said = {"sweep": sweep, "row": int(ids["another row"]), "outcome": "met", "seen": 1}
        return {"visits": [{"id": fresh(), **said, "occurred_at": now}]}

    def met() -> Json:
        said = {"household": ids["visited"], "outcome": "met", "seen": 1}
        return {"visits": [{"id": fresh(), **said, "occurred_at": now}]}

    def as_it_is() -> Json:
        said = {"sweep": sweep, "row": row, "base": there.seqs["visit"], "outcome": "met", "seen": 1}
        return {"corrections": [{"id": fresh(), **said, "reason": "无误", "occurred_at": now}]}

    yield Row("POST", visits, visits, walks, visit)
    yield Row("POST", visits, visits, either(walks, rights.village("visit.record")), met)
    settles = either(rights.village("visit.settle"), rights.leads)
    yield Row("POST", f"{visits}/corrections", f"{visits}/corrections", settles, as_it_is, sees=walks)
    door = f"{visits}/doors/{ids['visited']}"
    yield Row("GET", f"{visits}/doors/{{household}}", door, rights.grid("sweep.read"))
    days = f"{visits}/days"
    yield Row("GET", days, f"{days}?parent={VILLAGE}", rights.village("sweep.read"))

    sweeps, nobody = "/api/v1/sweeps", {"households": ["hh_" + "0" * 18], "sort": "pointed"}
    opening = {"title": "查", "center": VILLAGE, **nobody}
    opens = rights.village("sweep.open")
    yield Row(
        "POST",
        sweeps,
        sweeps,
        opens,
        lambda: {"id": fresh(), **opening},
        ("unprocessable",),
        sees=rights.village("sweep.read"),
    )
    beyond = [at(BEYOND[:12], "sweep.read"), lambda who: bool(grids_of_all(there, who))]
    some = either(read, rights.village("sweep.read"), *beyond)
    one, path = f"{sweeps}/{sweep}", f"{sweeps}/{{sweep}}"
    yield Row("GET", f"{sweeps}/forms", f"{sweeps}/forms", everybody)
    yield Row("GET", sweeps, sweeps, some, mark=sweep)
    yield Row("GET", path, one, some)
    line = f'"{OWN}"'
    yield Row("GET", f"{path}/board", f"{one}/board?parent={VILLAGE}", read, mark=line)
    yield Row("GET", f"{path}/board/file", f"{one}/board/file?parent={VILLAGE}&format=csv", read, mark=OWN)
    yield Row("GET", f"{path}/rows", f"{one}/rows?grid={OWN}", read, mark=line)
    yield Row("GET", f"{path}/rows/{{row}}", f"{one}/rows/{row}", read)
    tasks = "/api/v1/grid-tasks"
    yield Row("GET", tasks, f"{tasks}?order={ids['order']}", rights.grid("gridtask.read"), mark=OWN)
    yield Row("GET", "/api/v1/grid-work", "/api/v1/grid-work", rights.walks("sweep.read"), mark=line)
    yield Row("GET", "/api/v1/grid-line", "/api/v1/grid-line", carries, sees=everybody)


def grids_of_all(there: Village, who: Account) -> frozenset[str]:
    return grids_of(there.edge.writer.state, who.id)


def views(there: Village, rights: Rights) -> Iterator[Row]:
    """Views, their readings and files, figures of grids."""
    top, reads = "/api/v1/views", rights.village("registry.read")
    asks = {"asks": {"columns": ["grid"]}, "center": VILLAGE}
    begin, kept = f"{top}/readings", {"view": there.ids["view"]}
    keeps = lambda who: who.center == VILLAGE and own("view.keep")(who)  # noqa: E731
    yield Row("GET", top, top, keeps, mark=there.ids["view"])
    yield Row("POST", begin, begin, reads, lambda: asks)
    uncovers = rights.village("registry.unmask")
    yield Row("POST", begin, begin, uncovers, lambda: {**asks, "full": True}, sees=reads)
    yield Row("POST", begin, begin, keeps, lambda: kept)
    one, url = f"{top}/readings/{{reading}}", f"{top}/readings/{there.ids['reading']}"
    mine = there.at("dispatcher", VILLAGE).account.id
    owns: Rule = lambda who: who.id == mine  # noqa: E731
    yield Row("GET", one, url, owns)
    yield Row("GET", f"{one}/rows", f"{url}/rows", owns)
    sums = {"what": "sums"}
    yield Row("POST", f"{one}/file", f"{url}/file", owns, lambda: sums, ("wrong_state",))
    yield Row("GET", f"{one}/file", f"{url}/file", owns, None, ("wrong_state",))
    yield Row("DELETE", f"{one}/file", f"{url}/file", owns)
    yield Row("DELETE", one, url, owns)
    figures = "/api/v1/grid-statistics"
    yield Row("GET", figures, f"{figures}?parent={VILLAGE}", reads)
    yield Row("GET", f"{figures}/file", f"{figures}/file?parent={VILLAGE}", reads)


def grids(there: Village, rights: Rights) -> Iterator[Row]:
    """Grids and phones."""
    top, read, keeps = "/api/v1/grids", rights.grid("grid.read"), rights.village("grid.keep", "grid.manage")
    own_keeps, batch = own("grid.keep", "grid.manage"), there.ids["batch"]
    yield Row("GET", top, top, read, mark=f'"{OWN}"')
    yield Row("GET", f"{top}/mine", f"{top}/mine", rights.walks("grid.read"), mark=f'"{OWN}"')
    yield Row("GET", f"{top}/imports", f"{top}/imports", keeps, mark=batch)
    people = f"{top}/imports/{there.ids['people given']}/people"
    yield Row("GET", f"{top}/imports/{{batch}}/people", people, keeps, mark=f'"{OWN}"')
    for path, query in (("counts", "parent"), ("present", "village")):
        seen = rights.village("grid.read")
        yield Row("GET", f"{top}/{path}", f"{top}/{path}?{query}={VILLAGE}", seen)
    yield Row("GET", f"{top}/people", f"{top}/people?village={VILLAGE}", keeps)
    yield Row("POST", f"{top}/import", f"{top}/import", own_keeps, b"PK", sees=everybody, once=True)
    yield Row("GET", f"{top}/{{grid}}", f"{top}/{OWN}", read)
    devices, owner = "/api/v1/devices", there.of(GRID_MEMBER, OWN).account

    def of_phones(action: str) -> Rule:
        return lambda who: rights.leads(who) if who.role == GRID_LEADER else may(who, action, TREE, VILLAGE)

    knows, issues = of_phones("device.read"), of_phones("device.issue")
    yield Row("GET", devices, f"{devices}?center={VILLAGE}", knows, mark=owner.username)
    yield Row("POST", devices, devices, issues, lambda: {"account": owner.id})
    meeting, participant = there.ids["meeting"], there.ids["participant"]
    chair = there.at("dispatcher", COUNTY).account.id
    case = f"/api/v1/meetings/{meeting}/phones/{participant}/case"
    path = "/api/v1/meetings/{meeting}/phones/{participant}/case"
    yield Row("GET", path, case, lambda who: who.id == chair, mark="")


def lists(there: Village, rights: Rights) -> Iterator[Row]:
    """Rows of a list of the township in grids."""
    one, path = f"/api/v1/clearings/{there.ids['clearing']}", "/api/v1/clearings/{clearing}"
    # a station of the center that gave the list out reads what became of all its rows, as its desk does
    reads = either(rights.village("clearing.read"), at(TOWN, "clearing.read"))
    shares = rights.village("clearing.share")
    decides: Rule = lambda who: shares(who) and may(who, "registry.read", TREE, VILLAGE)  # noqa: E731
    scope = {"center": VILLAGE}
    yield Row("GET", f"{path}/grids", f"{one}/grids?center={VILLAGE}", reads)
    for what in ("search", "share", "stop"):
        yield Row("POST", f"{path}/grids/{what}", f"{one}/grids/{what}", shares, lambda: scope, sees=reads)
    yield Row("GET", f"{path}/candidates", f"{one}/candidates?center={VILLAGE}", decides, sees=reads)
    yield Row("GET", f"{path}/rows", f"{one}/rows?center={VILLAGE}", reads)
    unmasks = rights.village("clearing.unmask")
    yield Row("POST", f"{path}/rows/{{row}}/unmask", f"{one}/rows/1/unmask", unmasks, dict, sees=reads)
    household = {"household": there.ids["candidate"]}
    confirm = f"{path}/rows/{{row}}/household"
    yield Row(
        "POST",
        confirm,
        f"{one}/rows/2/household",
        decides,
        lambda: {"id": fresh(), **household},
        sees=reads,
    )
    results = {"results": [{"row": 1, "outcome": "normal"}]}
    clears = either(rights.walks("clearing.carry_out"), rights.village("clearing.carry_out"))
    clears_none: Rule = lambda who: not own("clearing.carry_out")(who)  # noqa: E731
    reads_alone: Rule = lambda who: reads(who) and clears_none(who)  # noqa: E731
    body: Callable[[], Json] = lambda: {"id": fresh(), **results}  # noqa: E731
    yield Row("POST", f"{path}/results", f"{one}/results", clears, body, sees=reads_alone)


async def rows_of(there: Village) -> list[Row]:
    """All of them, about a reading that was just begun."""
    desk, rights = there.at("dispatcher", VILLAGE), Rights(there.edge)
    asks = {"asks": {"columns": ["grid"]}, "sums": False}
    async with desk.http.post("/api/v1/views/readings", json=asks) as answer:
        there.ids["reading"] = (await answer.json())["reading"]
    parts = (views, registry, work, grids, lists)
    return [row for part in parts for row in part(there, rights)]


def routes(edge: Edge) -> set[tuple[str, str]]:
    """What the router has of all this."""
    found = set()
    for route in edge.app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if route.method != "HEAD" and WALKED.match(path):
            found.add((route.method, path))
    return found


async def answer_of(person: Person, row: Row, url: str, body: Any) -> tuple[str, Json, str]:
    """`done` or the code of the refusal, the refusal, and all of it as text."""
    given = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
    async with person.http.request(row.method, url, **given) as answer:
        if answer.content_type == "text/event-stream":
            return "done", {}, ""
        text = (await answer.read()).decode("utf-8", "replace")
    told = json.loads(text) if answer.content_type == "application/json" else {}
    if answer.status >= 400:
        return str(told["error"]["code"]), dict(told["error"]), text
    (result, *_) = told.get("results", [{}])
    error = result.get("error")
    return (str(error["code"]), dict(error), text) if error else ("done", {}, text)


def expected(row: Row, who: Account) -> tuple[str, ...]:
    """What the table of rights says that somebody is told."""
    if row.mark is not None:
        return ("seen",) if row.may(who) else ("unseen",)
    if row.may(who):
        return row.answers
    if (row.sees is not None and row.sees(who)) or (row.door is not None and not row.door(who)):
        return ("forbidden",)
    return ("not_found",)


def ghost(there: Village, text: str) -> str:
    """The same about what there never was."""
    for at, real in enumerate((*there.ids.values(), *there.units)):
        if "_" in real:
            text = text.replace(real, f"{real.split('_')[0]}_{at:z>18}")
    return text.replace(OWN, f"{VILLAGE}999")


class Walk:
    """All people at one row after the other, and what was not as it must be."""

    def __init__(self, there: Village) -> None:
        self._there = there
        self._withdrawn = there.people.pop("withdrawn phone")
        self._stranger = there.at("dispatcher", OTHER_COUNTY)
        self.wrong: list[str] = []

    async def take(self, row: Row) -> None:
        """One row: everybody at once, a phone that was withdrawn, and the same about what there never was."""
        name, people = f"{row.method} {row.path}", list(self._there.people.items())
        if row.once:
            first = next(each for each in people if row.may(each[1].account))
            people = [first, *(each for each in people if not row.may(each[1].account))]
        told = set(await asyncio.gather(*(self._ask(row, who, person) for who, person in people)))
        if not told & {"seen", *row.answers}:
            self.wrong.append(f"{name}: nobody may")
        code, _, text = await self._answer(row, self._withdrawn)
        if code != "unauthenticated":
            self.wrong.append(f"{name} by a withdrawn phone: {code} {text[:150]}")
        code, real, _ = await self._answer(row, self._stranger)
        if code == "not_found":
            _, never, _ = await self._answer(row, self._stranger, never=True)
            if never != real:
                self.wrong.append(f"{name}: {real} tells that it is there: {never}")

    async def _ask(self, row: Row, who: str, person: Person) -> str:
        wants = expected(row, person.account)
        code, _, text = await self._answer(row, person)
        if row.mark is not None and code in ("done", "forbidden", "not_found"):
            code = "seen" if code == "done" and row.mark in text else "unseen"
        if code not in wants:
            self.wrong.append(f"{row.method} {row.path} by {who}: {code}, not {wants}: {text[:150]}")
        return code

    async def _answer(self, row: Row, person: Person, *, never: bool = False) -> tuple[str, Json, str]:
        url = row.url if isinstance(row.url, str) else row.url()
        body: Any = row.body() if callable(row.body) else row.body
        if never:
            url = ghost(self._there, url)
            body = json.loads(ghost(self._there, json.dumps(body))) if isinstance(body, dict) else body
        return await answer_of(person, row, url, body)


async def test_every_route_about_grids_answers_each_role_and_relation_as_the_table_of_rights_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        """Who may is what this is about."""

    async with running_edge(tmp_path) as edge:
        there = Village(edge)
        await there.begin()
        monkeypatch.setattr(ListMatcher, "search", nothing)
        monkeypatch.setattr(ListMatcher, "share", nothing)
        rows = await rows_of(there)
        assert {(row.method, row.path) for row in rows} | OPEN == routes(edge)
        walk = Walk(there)
        for row in rows:
            await walk.take(row)
        assert walk.wrong == [], "\n".join(walk.wrong)
