"""Texts of minutes as they stand: what is being written in a row of its own, what was submitted as an object."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.minutes.text import MAX_TEXT_BYTES, TEXT_TYPE, MinutesText, canonical
from hub.ruling import CommandData
from signaling.limits import NotStrictJson, loads
from signaling.services import Json, Services

#: What the object is called.
NAME: Final = "minutes.json"
T = TypeVar("T", bound=CommandData)


def model_from(schema: type[T], value: Any) -> T:
    """What somebody wrote, checked. Raises Refusal `invalid` with the field that is wrong."""
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "text"
        raise Refusal("invalid", first["msg"], field) from None


async def put_text(services: Services, account: Account, text: MinutesText) -> Json:
    """The text as an object, as a command names it. Raises Refusal as uploads do."""
    content = canonical(text)
    if len(content) > MAX_TEXT_BYTES:
        raise Refusal("too_large", f"minutes have at most {MAX_TEXT_BYTES >> 20} MiB")
    upload = await services.objects.begin(account, TEXT_TYPE, len(content))

    async def whole() -> AsyncIterator[bytes]:
        yield content

    stored, _ = await services.objects.append(account, upload.id, 0, whole())
    if stored.object is None:
        raise Refusal("unavailable", "the text could not be kept; try again in a moment")
    return {"object": stored.object, "name": NAME, "type": stored.type, "bytes": stored.bytes}


async def read_text(services: Services, account: Account, digest: str) -> MinutesText:
    """The text under a digest. Raises Refusal `not_found` for one that may not be read, `unprocessable` for none of minutes."""
    stored = await services.objects.stored(account, services.tree, digest)
    if stored.type != TEXT_TYPE or stored.bytes > MAX_TEXT_BYTES:
        raise Refusal("unprocessable", "this is no text of minutes")
    content = b"".join([piece async for piece in services.objects.read(digest, 0, stored.bytes)])
    try:
        return MinutesText.model_validate(loads(content.decode()))
    except (NotStrictJson, UnicodeDecodeError, ValidationError):
        raise Refusal("unprocessable", "this is no text of minutes") from None
