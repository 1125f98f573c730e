"""Strict JSON: what is refused, and that no text takes long to refuse."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Refusal
from signaling.limits import MAX_BODY_BYTES, MAX_DEPTH, NotStrictJson, dumps, loads, parse_json, read_body

plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(plain_json)
def test_what_is_written_is_read_again(value: object) -> None:
    try:
        assert loads(dumps(value), 64) == value
    except UnicodeEncodeError:
        pytest.fail("only characters that UTF-8 carries were made")


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "NaN",
        "[Infinity]",
        "[-Infinity]",
        "",
        "{",
        "[1,]",
        "'a'",
        '"\\ud800"',
        '"\t"',
        "9" * 5000,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        '{"a":' * 200_000,
    ],
)
def test_what_is_not_strict_json_is_refused(text: str) -> None:
    with pytest.raises(NotStrictJson):
        loads(text)


def test_brackets_in_strings_are_not_depth() -> None:
    assert loads('["' + "[{" * 100 + '\\"[["]') == ["[{" * 100 + '"[[']
    assert loads("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


@pytest.mark.parametrize(
    "text",
    [
        '"\\"' * 20_000,
        '[{"a":"' + '\\"' * 30_000,
        "[]" * 32_000,
        "[" * 65_000,
        '"' * 65_000,
        '[""' * 20_000,
        '[[[[[[[[[[[[[[[[["' + "\\" * 65_000,
        '"' + "\\u1234" * 10_000 + '"',
        "1" * 65_000,
        "[1e" + "9" * 60_000,
    ],
)
def test_no_text_takes_longer_than_the_loop_may_stall(text: str) -> None:
    began = time.perf_counter()
    try:
        loads(text)
    except NotStrictJson:
        pass
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"\xff", "malformed"), (b"{", "malformed"), (b" " * (MAX_BODY_BYTES + 1), "too_large")],
)
def test_a_bad_body_is_a_typed_refusal(body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_json(body)
    assert refused.value.code == code


async def test_who_goes_away_in_the_middle_of_a_body_is_refused_and_is_no_failure_of_the_hub() -> None:
    content = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
    content.feed_data(b'{"id":')
    content.set_exception(ConnectionResetError("Connection lost"))
    with pytest.raises(Refusal) as caught:
        await read_body(make_mocked_request("POST", "/api/v1/commands", payload=content))
    assert caught.value.code == "malformed"
