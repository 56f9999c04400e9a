"""What can be wrong with a page for somebody who sees, hears or moves otherwise."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

_AXE = Path(__file__).parents[1] / "node/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Everything that a person can do something with, and that shows. The viewer's arrow does what the line beside it does.
_OPERABLE = """() => [...document.querySelectorAll(
  "a[href], button:not(.opblock-control-arrow), input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
)].filter((each) => !each.disabled && each.checkVisibility({visibilityProperty: true})).filter(
  (each) => each.type !== "radio" || each.checked || !document.querySelector(`[name="${each.name}"]:checked`)
)"""
_NAME = """(each) =>
  `${each.tagName} ${each.id || each.getAttribute("href") || each.ariaLabel || each.textContent.trim()}`"""


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """Of WCAG 2.2 AA and good practice, as axe finds them: the rule, and the first place."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    found: dict[str, Any] = await page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES
    )
    assert found["testEngine"]["name"] == "axe-core"
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]


async def overflow(page: Page) -> int:
    """By how much it is wider than the window: nobody should have to scroll sideways to read."""
    return int(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


async def walk(page: Page) -> tuple[list[str], list[str]]:
    """What the Tab key reaches, in order, and what is wrong on the way."""
    await page.wait_for_function(DRAWN)
    await page.evaluate("window.met = []; document.activeElement?.blur()")
    wanted = await page.evaluate(f"() => ({_OPERABLE})().length")
    names, wrong = [], []
    for _ in range(wanted + 3):
        await page.keyboard.press("Tab")
        told = await page.evaluate(_STEP)
        if told is None:
            break
        names.append(told["name"])
        if not told["shown"]:
            wrong.append(f"no visible focus: {told['name']}")
    missed = await page.evaluate(f"() => ({_OPERABLE})().filter((each) => !window.met.includes(each)).map({_NAME})")
    return names, [*wrong, *(f"not reached: {name}" for name in missed)]


# The reference draws itself after the last of its files is there.
DRAWN = "() => !document.querySelector('#reference') || document.querySelector('#reference .opblock')"
# Focus shows as an outline of at least two pixels, inside the window.
_STEP = f"""async () => {{
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const each = document.activeElement;
  if (!each || each === document.body || window.met.includes(each)) return null;
  window.met.push(each);
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const within = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
  return {{name: ({_NAME})(each), shown: outlined && within}};
}}"""
