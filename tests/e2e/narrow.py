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


#: Keys and fields of the room 指挥 that lie in part beyond an edge of the screen.
_CUT: Final = """() => [...document.querySelectorAll('.console :is(button, summary, input, select, textarea)')]
  .filter((one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden' && !one.closest('.menu'))
  .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < -1 || right > window.innerWidth + 1 })
  .map((one) => `${one.dataset.testid ?? one.className}: ${one.textContent.trim().slice(0, 20)}`)"""
ON_ITS_SIDE: Final = {"width": 844, "height": 390}


async def cut_off(page: Page) -> list[str]:
    """On a phone, upright and on its side: what of 指挥 cannot be reached. The window is left as it was."""
    before = page.viewport_size
    found = []
    for size in (PHONE, ON_ITS_SIDE):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        found += [f"{size['width']}: {one}" for one in await page.evaluate(_CUT)]
    if before is not None:
        await page.set_viewport_size(before)
    return found
