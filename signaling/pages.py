"""The built web pages: hashed assets kept forever, index.html for every address that is the page's own."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import re
from pathlib import Path
from typing import Final

from aiohttp import web

from hub.errors import Refusal
from signaling.encodings import accepted, has_already
from signaling.errors import Handler
from signaling.keys import SERVICES

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,150}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,150}){0,5}")
#: The page of grid members: a bundle of its own, with a service worker that keeps its shell and no more.
_GRID: Final = "grid"
_GRID_WORKER: Final = "grid/sw.js"
#: Addresses that are never a page's.
_NOT_PAGES: Final = ("api/", "whip/", "whep/", "socket.io", "link", "assets/")
#: Kept forever: their names are made of what they hold.
_ASSETS: Final = ("assets/", f"{_GRID}/assets/")
#: Served in the place of others, never by name.
_BESIDE: Final = (".br", ".gz", ".map")
#: As browsers want them, whatever the machine's table says.
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}

_NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>连线</title></head>
<body><h1>连线</h1><p>服务已经运行，页面尚未构建。请在项目目录执行 <code>make build</code>，然后刷新。</p></body></html>
"""


#: Codings in which the build puts a file beside the file (`clients/web/precompress.ts`), the smaller first.
_CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))


@web.middleware
async def serve_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a GET that no route takes from the pages. Raises Refusal("not_found")."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if request.method not in {"GET", "HEAD"}:
            raise
    return await _page(request)


async def _page(request: web.Request) -> web.StreamResponse:
    folder = request.app[SERVICES].config.web_dir
    name = request.path.removeprefix("/")
    if name and _NAME.fullmatch(name) is not None and not name.endswith(_BESIDE):
        found = await _file(request, folder / name, forever=name.startswith(_ASSETS))
        if found is not None:
            if name == _GRID_WORKER:
                # it stands below the page that it keeps
                found.headers["Service-Worker-Allowed"] = f"/{_GRID}"
            return found
    last = name.rpartition("/")[2]
    if name.startswith(_NOT_PAGES) or "." in last or (name and _NAME.fullmatch(name.rstrip("/")) is None):
        raise Refusal("not_found", "there is nothing here")
    page = f"{_GRID}/index.html" if name.partition("/")[0] == _GRID else "index.html"
    index = await _file(request, folder / page, forever=False)
    if index is not None:
        return index
    return web.Response(text=_NOT_BUILT, content_type="text/html", headers={"Cache-Control": "no-store"})


async def _file(request: web.Request, path: Path, *, forever: bool) -> web.Response | None:
    """The file, in a coding that the client takes where the build has made one; None where there is none."""
    coding = accepted(request, [name for name, _ in _CODINGS])
    read = await asyncio.to_thread(_read, path, dict(_CODINGS).get(coding or "", ""))
    if read is None:
        return None
    content, stamp, is_coded = read
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache",
        "Vary": "Accept-Encoding",
        "ETag": f'"{stamp}-{coding}"' if is_coded else f'"{stamp}"',
    }
    if has_already(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    if is_coded and coding is not None:
        headers["Content-Encoding"] = coding
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.Response(body=content, headers={**headers, "Content-Type": kind})


def _read(path: Path, suffix: str) -> tuple[bytes, str, bool] | None:
    """Content, what tells this version from others, and whether it is the one with the suffix."""
    try:
        plain = path.stat()
        stamp = f"{plain.st_mtime_ns:x}-{plain.st_size:x}"
        if suffix:
            with contextlib.suppress(OSError):
                return path.with_name(path.name + suffix).read_bytes(), stamp, True
        return path.read_bytes(), stamp, False
    except OSError:
        return None
