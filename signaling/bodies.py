"""Bodies of the HTTP API against their schemas."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from hub.errors import Refusal
from hub.shapes import Wire
from signaling.limits import read_json_object

W = TypeVar("W", bound=Wire)


async def read_body(request: web.Request, schema: type[W]) -> W:
    """The body of this request. Raises Refusal `invalid` with the field that is wrong, and what reading it raises."""
    body = await read_json_object(request)
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        # nothing of what was sent goes back: there are passwords in it
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "body"
        raise Refusal("invalid", first["msg"], field[:128]) from None
