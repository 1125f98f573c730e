"""What can go wrong by a person's doing: one refusal type, one table of codes."""

from __future__ import annotations

from typing import Final

#: Refusal codes and the HTTP status that carries them. The code is the contract; the message is for people.
STATUS: Final[dict[str, int]] = {
    "invalid": 400,
    "malformed": 400,
    "weak_password": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "second_factor_needed": 403,
    "password_needed": 403,
    "password_expired": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "conflict": 409,
    "id_reused": 409,
    "meeting_ended": 409,
    "not_joined": 409,
    "waiting": 409,
    "not_admitted": 403,
    "already_done": 409,
    "wrong_state": 409,
    "stage_locked": 409,
    "approval_needed": 409,
    "removed": 409,
    "destroyed": 410,
    "precondition_failed": 412,
    "too_large": 413,
    "unsupported_media": 415,
    "range_not_satisfiable": 416,
    "unprocessable": 422,
    "too_many": 429,
    "unavailable": 503,
    "no_room": 507,
}


class Refusal(Exception):
    """A request that is answered with a reason instead of an effect.

    `code` is a key of STATUS, `message` a sentence for people (English; pages translate by code),
    `field` the name of the offending field where there is one.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        if code not in STATUS:
            raise ValueError(f"unknown refusal code {code!r}")
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    @property
    def status(self) -> int:
        """The HTTP status that carries this refusal."""
        return STATUS[self.code]

    def body(self) -> dict[str, dict[str, str]]:
        """The body of the answer, as on the wire: ``{"error": {code, message, field?}}``."""
        error = {"code": self.code, "message": self.message}
        if self.field is not None:
            error["field"] = self.field
        return {"error": error}
