"""Query strings: only known names, each once, each of its form."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from aiohttp import web

from hub.clock import from_wire
from hub.errors import Refusal
from hub.fields import has_unfit_characters
from hub.ids import is_id

MAX_TEXT = 100


class Params:
    """The query string of one request. Everything raises Refusal("invalid") with the parameter's name."""

    def __init__(self, request: web.Request, known: Collection[str]) -> None:
        self._values: dict[str, str] = {}
        for name, value in request.query.items():
            if name not in known:
                raise Refusal("invalid", "there is no such parameter", name[:64])
            if name in self._values:
                raise Refusal("invalid", "a parameter stands once", name)
            self._values[name] = value

    def given(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str | None:
        """At most 100 characters without control characters; None when missing or empty."""
        value = self._values.get(name, "").strip()
        if len(value) > MAX_TEXT or has_unfit_characters(value):
            raise Refusal("invalid", f"at most {MAX_TEXT} characters, none of them a control character", name)
        return value or None

    def one_of(self, name: str, allowed: Collection[str]) -> str | None:
        value = self._values.get(name)
        if value is not None and value not in allowed:
            raise Refusal("invalid", "one of: " + " ".join(sorted(allowed)), name)
        return value

    def some_of(self, name: str, allowed: Collection[str]) -> set[str]:
        """Words from `allowed`, comma-separated; empty when missing."""
        value = self._values.get(name)
        words = set(value.split(",")) if value else set()
        if not words <= set(allowed):
            raise Refusal("invalid", "some of: " + " ".join(sorted(allowed)), name)
        return words

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number; above `highest` it counts as that."""
        value = self._values.get(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= 18) or int(value) < lowest:
            raise Refusal("invalid", f"a whole number from {lowest}", name)
        return min(int(value), highest)

    def center(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is not None and not (value.isascii() and value.isdigit() and len(value) == 12):
            raise Refusal("invalid", "a center is named by its 12 digits", name)
        return value

    def identifier(self, name: str, *prefixes: str) -> str | None:
        """An id with one of these prefixes."""
        value = self._values.get(name)
        if value is not None and not any(is_id(value, prefix) for prefix in prefixes):
            raise Refusal("invalid", "this is no id", name)
        return value

    def moment(self, name: str) -> datetime | None:
        value = self._values.get(name)
        if value is None:
            return None
        try:
            # A + in a query string is a space; times are often pasted in unescaped.
            return from_wire(value.replace(" ", "+"))
        except (ValueError, OverflowError):
            raise Refusal("invalid", "a time is written like 2026-11-23T08:00:00Z", name) from None


def path_id(request: web.Request, name: str, prefix: str) -> str:
    """An id in the path. Raises Refusal("not_found") for anything that is none."""
    value = request.match_info[name]
    if not is_id(value, prefix):
        raise Refusal("not_found", "there is nothing here")
    return value
