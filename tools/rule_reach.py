"""What deciding a command can lead to, read from the source of its rule: refusals, rights asked for, entries made.

Every function of `hub` that a decision names, in its own file or another, is looked through, and so are the methods of what
stands in a module (`SHELF.found`), with what that one holds. So the answer holds what can be, also where one command reaches
only a part of it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final

from hub.directory.permissions import ACTIONS
from hub.entry import Draft
from hub.errors import Refusal

#: Rights that decide what one sees; they stand behind every `not_found` and are not what a command asks for.
SIGHT: Final = frozenset(action for action in ACTIONS if action.endswith(".read"))
#: Functions that answer questions of the table of rights: asked about, not looked into.
_CLOSED: Final = ("hub.directory", "hub.clock", "hub.errors")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a function and all that it calls can lead to."""

    refusals: frozenset[str] = frozenset()
    rights: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.refusals | other.refusals, self.rights | other.rights, self.entries | other.entries)


def reach(function: Callable[..., Any], kinds: frozenset[str], within: str = "hub.") -> Reach:
    """What `function` can lead to; `kinds` are all kinds of entries, `within` the modules that are looked into."""
    found, seen = Reach(), set[tuple[int, int]]()
    waiting: list[Any] = [function]
    while waiting:
        each = waiting.pop()
        owner = each.__self__ if isinstance(each, MethodType) else None
        if isinstance(each, MethodType):
            each = each.__func__
        if not isinstance(each, FunctionType) or (id(each.__code__), id(owner)) in seen:
            continue
        seen.add((id(each.__code__), id(owner)))
        if not each.__module__.startswith(within) or each.__module__.startswith(_CLOSED):
            continue
        known = _names(each) if owner is None else {**_names(each), "self": owner}
        for node in ast.walk(_tree(each)):
            found |= _told(node, known, kinds)
            waiting.extend(_called(node, known))
    return found


def _told(node: ast.AST, known: Mapping[str, Any], kinds: frozenset[str]) -> Reach:
    if isinstance(node, ast.Call):
        called, first = _value(node.func, known), node.args[0] if node.args else None
        if called is Refusal and isinstance(first, ast.Constant):
            return Reach(refusals=frozenset({str(first.value)}))
        rights, made = set[str](), set[str]()
        for argument in node.args:
            text = _value(argument, known)
            if called is Draft and argument is first and isinstance(text, str):
                made.add(text)
            elif isinstance(text, str) and isinstance(called, FunctionType):
                rights |= {text} & (set(ACTIONS) - SIGHT)
                made |= {text} & kinds - rights
        return Reach(rights=frozenset(rights), entries=frozenset(made & kinds))
    return Reach()


def _called(node: ast.AST, known: Mapping[str, Any]) -> Iterator[Callable[..., Any]]:
    if isinstance(node, ast.Name | ast.Attribute):
        value = _value(node, known)
        if isinstance(value, FunctionType | MethodType):
            yield value


def _value(node: ast.AST, known: Mapping[str, Any]) -> Any:
    """What a name, an attribute of a module or of a thing of ours, or a text stands for; None where that is not known here."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = known.get(node.value.id)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) or _is_ours(owner) else None
    if isinstance(node, ast.JoinedStr):
        pieces = [_value(piece, known) for piece in node.values]
        return "".join(pieces) if all(isinstance(piece, str) for piece in pieces) else None
    if isinstance(node, ast.FormattedValue):
        return _value(node.value, known)
    return None


def _is_ours(thing: Any) -> bool:
    """Whether it is a thing that a module of the hub made for its rules, no class of them."""
    return not isinstance(thing, type) and is_dataclass(thing) and type(thing).__module__.startswith("hub.")


def _names(function: FunctionType) -> Mapping[str, Any]:
    held = inspect.getclosurevars(function).nonlocals
    return {**function.__globals__, **held}


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
