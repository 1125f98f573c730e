"""A page as a phone's screen shows it: nothing lies beyond its right edge but what scrolls by itself."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page, expect

PHONE: Final = {"width": 390, "height": 844}
#: What is wider than its place and takes the page with it: the page itself, its main part, a pane in it.
_WIDER: Final = """() => [document.scrollingElement, ...document.querySelectorAll('main, nav, .pane, form, .card, .note')]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX !== 'visible')
  .map((one) => `${one.tagName} ${one.className}: ${one.scrollWidth} > ${one.clientWidth}`)"""


async def wider_sections(page: Page, *sections: str) -> list[str]:
    """Each section of 管理 on a phone, by its name: what is wider than its place. The window is left as it was."""
    before = page.viewport_size
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    found = []
    for section in sections:
        link = page.get_by_test_id(f"section-{section}")
        await link.click()
        await expect(link).to_have_attribute("aria-current", "page")
        await expect(page.locator("main .section h2")).to_be_visible()
        await expect(page.locator("main").get_by_text("正在读取", exact=False)).to_have_count(0)
        found += [f"{section}: {one}" for one in await page.evaluate(_WIDER)]
    if before is not None:
        await page.set_viewport_size(before)
    return found
