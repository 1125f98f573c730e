"""Headers that every answer carries, so that browsers keep pages to what they are for."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from signaling.auth import is_secure

#: All that is told of what runs here.
SERVER: Final = "lianxian"

_POLICY: Final = "; ".join(
    [
        "default-src 'self'",
        # Noise is taken out of sound by WebAssembly that the hub itself serves; nothing is evaluated from text.
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "style-src 'self'",
        # Element Plus places its pop-ups by style attributes; style sheets from elsewhere stay out.
        "style-src-attr 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: A year (RFC 6797): browsers that came by TLS once come by nothing else.
_STRICT: Final = "max-age=31536000"


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler, called before each answer is sent."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = SERVER  # aiohttp has put in its own version and Python's
    if is_secure(request):
        response.headers["Strict-Transport-Security"] = _STRICT
