"""axe-core over a page in a real browser: what somebody with other eyes, ears or hands would stumble over."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

_AXE: Final = Path(__file__).parents[1] / "npm" / "node_modules" / "axe-core" / "axe.min.js"
#: What counts: findings that keep somebody from using the page.
_SEVERE: Final = ("serious", "critical")


async def severe_findings(page: Page, within: str | None = None) -> list[str]:
    """Each serious or critical finding in the page (or in what this selector finds), a line each; none when all is well."""
    # evaluated in the page's own world: the hub's Content-Security-Policy admits no foreign script element
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate(
        "within => axe.run(within === null ? document : within, {resultTypes: ['violations']})", within
    )
    return [
        f"{finding['impact']} {finding['id']}: {finding['help']}: {node['target']} {node['html'][:160]}"
        for finding in found["violations"]
        if finding["impact"] in _SEVERE
        for node in finding["nodes"]
    ]
