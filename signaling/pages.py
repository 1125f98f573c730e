"""The built web pages: hashed assets kept forever, index.html for every address that is the page's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aiohttp import web

from hub.errors import Refusal
from signaling.errors import Handler
from signaling.keys import SERVICES

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,150}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,150}){0,5}")
#: Addresses that are never a page's.
_NOT_PAGES: Final = ("api/", "whip/", "whep/", "socket.io", "link", "assets/")

_NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>连线</title></head>
<body><h1>连线</h1><p>服务已经运行，页面尚未构建。请在项目目录执行 <code>make build</code>，然后刷新。</p></body></html>
"""


@web.middleware
async def serve_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a GET that no route takes from the pages. Raises Refusal("not_found")."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if request.method not in {"GET", "HEAD"}:
            raise
    return _page(request)


def _page(request: web.Request) -> web.StreamResponse:
    folder = request.app[SERVICES].config.web_dir
    name = request.path.removeprefix("/")
    if name and _NAME.fullmatch(name) is not None and (folder / name).is_file():
        return _file(folder / name, forever=name.startswith("assets/"))
    last = name.rpartition("/")[2]
    if name.startswith(_NOT_PAGES) or "." in last or (name and _NAME.fullmatch(name.rstrip("/")) is None):
        raise Refusal("not_found", "there is nothing here")
    index = folder / "index.html"
    if not index.is_file():
        return web.Response(text=_NOT_BUILT, content_type="text/html", headers={"Cache-Control": "no-store"})
    return _file(index, forever=False)


def _file(path: Path, *, forever: bool) -> web.FileResponse:
    caching = "public, max-age=31536000, immutable" if forever else "no-cache"
    return web.FileResponse(path, headers={"Cache-Control": caching})
