"""A list of cameras, as its child process works on it: what its columns are, whose its rows are, and each row as a camera.

Nothing is guessed about a row: where its center is not plain, or a cell is none of what its column says, it is shown and left
out or mended. What is a password is taken out, sealed, and stands in nothing that is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, Final

from hub.cameras.addresses import NoAddress, What, read_address
from hub.cameras.catalog import MAX_CODE, MAX_NAME, MAX_PLACE, MAX_TAG, MAX_TAGS, Facts, Secret
from hub.cameras.list_columns import ADDRESSES, SECRET, guesses, kind_of, vendor_streams, yes_or_no
from hub.cameras.networks import Network, within
from hub.cameras.sealing import CameraKey
from hub.cameras.words import camera_grams
from hub.clock import to_wire
from hub.directory.list_rows import QUOTED
from hub.directory.matching import Matcher
from hub.ids import new_id
from hub.sheets.child import letter
from hub.sheets.hits import CANDIDATES, LEFT_OUT, SAMPLES, SHOWN_ROWS, SHOWN_UNSURE, SHOWN_WRONG, Hits

#: Rows that are handed over at a time.
PIECE: Final = 500
#: Rows of a preview.
SHOWN: Final = 8
_CODE: Final = re.compile(r"[0-9A-Za-z._:-]*")
_PARTED: Final = re.compile(r"[,，;；、|/\s]+")
_MILLION: Final = 1_000_000
_COVERED: Final = "•••"
_FACTS: Final = Facts().model_dump_json()

Json = dict[str, Any]


class WrongCell(Exception):
    """(role of the column, why)"""


@dataclass(slots=True)
class Row:
    """A row that is a camera."""

    number: int
    center: str
    facts: Json
    tags: list[str]
    secret: Secret = field(repr=False)
    mark: str


@dataclass(slots=True)
class Listed:
    """What came of all rows."""

    good: list[Row] = field(default_factory=list)
    wrong: list[list[Any]] = field(default_factory=list)
    #: Text -> numbers of its rows: it means no center, or several.
    unsure: dict[str, list[int]] = field(default_factory=dict)
    left_out: int = 0


@dataclass(slots=True)
class Asked:
    """What the columns are, and what was decided."""

    roles: Sequence[str]
    matcher: Matcher
    mends: Mapping[str, str]
    center: str | None
    networks: tuple[Network, ...]
    key: CameraKey

    @classmethod
    def of(cls, told: Json) -> Asked:
        known = [(code, name, parent) for code, name, parent in told["centers"]]
        return cls(
            told["roles"],
            Matcher(known, told["own"]),
            told["mends"],
            told["center"],
            tuple(ip_network(each) for each in told["networks"]),
            CameraKey(bytes.fromhex(told["key"])),
        )


def look(hits: Hits) -> Json:
    """What a person decides by: each column with what it may be and how it begins. What may be a password is covered."""
    roles = guesses(hits.names)
    columns = [
        {
            "name": name,
            "guess": role,
            "samples": [shown(role, cells[at])[:QUOTED] for _, cells in hits.rows[:SAMPLES]],
        }
        for at, (name, role) in enumerate(zip(hits.names, roles, strict=True))
    ]
    wrong = [[*each[:3], ""] for each in hits.wrong]
    return {
        "encoding": hits.encoding,
        "rows": len(hits.rows),
        "columns": columns,
        "wrong": wrong[:SHOWN_WRONG],
        "wrong_rows": len(wrong),
    }


def shown(role: str, cell: str) -> str:
    """A cell as it may be shown."""
    text = cell.strip()
    if role in SECRET:
        return _COVERED if text else ""
    if "://" in text:
        what: What = "onvif" if text.lower().startswith("http") else "rtsp"
        try:
            return f"{what}://{read_address(text, what).host}/…"
        except NoAddress:
            return _COVERED
    return text


def listed(hits: Hits, asked: Asked) -> Listed:
    """Each row as a camera, or why it is none."""
    made = Listed(wrong=[[*each[:3], ""] for each in hits.wrong])
    places = {role: [at for at, each in enumerate(asked.roles) if each == role] for role in set(asked.roles)}
    centers: dict[str, str | None] = {}
    seen: dict[str, set[str]] = {"code": set(), "main": set()}
    for number, cells in hits.rows:
        text = " ".join(said for at in places.get("center", ()) if (said := cells[at].strip()))
        if text not in centers:
            centers[text] = _center(text, asked)
        center = centers[text]
        if center is None:
            made.unsure.setdefault(text, []).append(number)
            continue
        if center == LEFT_OUT:
            made.left_out += 1
            continue
        try:
            row = _row(
                number,
                center,
                {role: [cells[at].strip() for at in at_] for role, at_ in places.items()},
                asked,
            )
            for role, value in (("code", row.facts["code"]), ("main", row.mark)):
                if value and value in seen[role]:
                    raise WrongCell(role, "twice")
                seen[role].add(value)
        except WrongCell as problem:
            role, why = problem.args
            at = places.get(role, [None])[0]
            quoted = "" if at is None or role in SECRET | ADDRESSES else cells[at].strip()[:QUOTED]
            made.wrong.append([number, "" if at is None else letter(at), why, quoted])
        else:
            made.good.append(row)
    made.wrong.sort(key=lambda each: int(each[0]))
    return made


def _center(text: str, asked: Asked) -> str | None:
    if text in asked.mends:
        return asked.mends[text]
    if not text:
        return asked.center
    found = asked.matcher.find(text)
    return found[0] if len(found) == 1 else None


def _row(number: int, center: str, cells: Mapping[str, Sequence[str]], asked: Asked) -> Row:
    """Raises WrongCell."""
    one = {role: said[0] for role, said in cells.items()}
    name, code = one.get("name", ""), one.get("code", "")
    if not 1 <= len(name) <= MAX_NAME:
        raise WrongCell("name", "name")
    if len(code) > MAX_CODE or not _CODE.fullmatch(code):
        raise WrongCell("code", "code")
    kind = kind_of(one.get("kind", ""))
    if kind is None:
        raise WrongCell("kind", "kind")
    important = yes_or_no(one.get("important", ""))
    if important is None:
        raise WrongCell("important", "yes_or_no")
    tags = list(dict.fromkeys(tag for said in cells.get("tags", ()) for tag in _PARTED.split(said) if tag))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        raise WrongCell("tags", "tags")
    if len(one.get("place", "")) > MAX_PLACE:
        raise WrongCell("place", "too_long")
    lat, lon = _degrees(one, "lat", 90), _degrees(one, "lon", 180)
    secret = _secret(one, asked)
    facts = {
        "center": center,
        "name": name,
        "code": code,
        "kind": kind,
        "tags": json.dumps(tags, ensure_ascii=False),
        "place": one.get("place", ""),
        "lat": lat if lon is not None else None,
        "lon": lon if lat is not None else None,
        "layers": "main,sub" if secret.sub else "main",
        "onvif": secret.onvif is not None,
        "sound": False,
        "important": important,
        "shown": True,
    }
    return Row(number, center, facts, tags, secret, asked.key.mark(secret.main))


def _degrees(one: Mapping[str, str], role: str, most: int) -> int | None:
    text = one.get(role, "")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise WrongCell(role, "degrees") from None
    if not -most <= found <= most:
        raise WrongCell(role, "degrees")
    return round(found * _MILLION)


def _secret(one: Mapping[str, str], asked: Asked) -> Secret:
    main, sub = one.get("main", ""), one.get("sub", "")
    from_ip = False
    if not main and one.get("ip"):
        made = vendor_streams(one.get("vendor", ""), one["ip"], one.get("port", ""), one.get("channel", ""))
        if made is None:
            raise WrongCell("vendor", "vendor")
        main, sub, from_ip = made[0], sub or made[1], True
    user, password = one.get("user", ""), one.get("password", "")
    urls: dict[str, str | None] = {}
    for role, text in (("main", main), ("sub", sub), ("onvif", one.get("onvif", ""))):
        shown_as = "ip" if from_ip and role == "main" else role
        if not text:
            if role == "main":
                raise WrongCell("main", "no_address")
            urls[role] = None
            continue
        try:
            address = read_address(text, "onvif" if role == "onvif" else "rtsp")
        except NoAddress as problem:
            raise WrongCell(shown_as, f"address_{problem}") from None
        if within(address.host, asked.networks) is False:
            raise WrongCell(shown_as, "network")
        urls[role] = address.url
        user, password = user or address.user, password or address.password
    return Secret(str(urls["main"]), urls["sub"], urls["onvif"], user, password)


def summary(made: Listed, hits: Hits, matcher: Matcher) -> Json:
    """What a person decides by."""
    unsure = sorted(made.unsure.items(), key=lambda each: (-len(each[1]), each[0]))
    return {
        "rows": len(hits.rows) + len(hits.wrong),
        "cameras": len(made.good),
        "counts": dict(sorted(Counter(row.center for row in made.good).items())),
        "left_out": made.left_out,
        "unsure": [
            {
                "text": text,
                "rows": len(rows),
                "first": rows[:SHOWN_ROWS],
                "why": "several" if (several := matcher.find(text)) else "unknown" if text else "none",
                "centers": several[:CANDIDATES] or matcher.suggest(text),
            }
            for text, rows in unsure[:SHOWN_UNSURE]
        ],
        "unsure_texts": len(unsure),
        "unsure_rows": sum(map(len, made.unsure.values())),
        "wrong": made.wrong[:SHOWN_WRONG],
        "wrong_rows": len(made.wrong),
        "first": [
            {
                "row": row.number,
                "center": row.center,
                **{name: row.facts[name] for name in ("name", "code", "kind", "place")},
                "tags": row.tags,
                "sub": row.secret.sub is not None,
                "onvif": row.secret.onvif is not None,
                "password": bool(row.secret.password),
            }
            for row in made.good[:SHOWN]
        ],
    }


def marked(made: Listed) -> Iterator[list[Any]]:
    """(row, number of the camera, mark of its address), so that those the directory has already are found."""
    for row in made.good:
        yield [row.number, row.facts["code"], row.mark]


def finished(made: Listed, batch: str, at: datetime, key: CameraKey) -> Iterator[Json]:
    """Each camera as its row, sealed, with the words it is found by; `digest` is over what the directory says of it."""
    now = at.astimezone(UTC)
    for row in made.good:
        camera = new_id("ca", now)
        facts = {"id": camera, **row.facts, "batch": batch, "made_at": to_wire(now)}
        facts |= {"state": "unknown", "facts": _FACTS, "checked_at": ""}
        told = json.dumps([camera, *row.facts.values()], ensure_ascii=True, separators=(",", ":"))
        grams = camera_grams(facts["name"], facts["code"], row.tags, facts["place"])
        yield {
            "row": facts,
            "tags": row.tags,
            "grams": " ".join(grams),
            "mark": row.mark,
            "sealed": key.seal(camera, row.secret),
            "digest": hashlib.sha256(told.encode()).hexdigest(),
        }
