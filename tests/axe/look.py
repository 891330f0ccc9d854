"""What is looked for on a page in the browser."""

from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1)
    .slice(-3).map((one) => one.outerHTML.slice(0, 160));
}"""
FOUND = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations", "incomplete"]});
  return {
    violations: found.violations
      .map((one) => `${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 200)).join(" | ")}`),
    incomplete: found.incomplete.map((one) => one.id),
  };
}"""
# Text that its own box hides: scrolling regions say so and are meant, what only screen readers get is hidden on purpose
CLIPPED = """() => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && one.clientWidth > 2;
  const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const bad = [];
  for (const one of document.querySelectorAll("body *")) {
    if (!shown(one) || one.closest(".visually-hidden,.srm-skip,svg")) continue;
    const style = getComputedStyle(one);
    const hides = (way) => way === "hidden" || way === "clip";
    const holds = own(one) || one.matches("button,a,label,td,th,li,h1,h2,h3,p,dd,dt");
    if (!holds || !one.innerText.trim()) continue;
    const wide = hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    const high = hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
    if (wide || high) bad.push(one);
    else if (own(one) && style.display !== "inline" && one.scrollWidth > one.clientWidth + 1 && style.overflowX === "visible"
             && !one.closest("[tabindex='0']")) bad.push(one);
  }
  return bad.slice(0, 4).map((one) => `${one.className}: ${one.outerHTML.replace(/\\s+/g, " ").slice(0, 180)}`);
}"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
UNSPACED = "() => { document.adoptedStyleSheets = []; }"
OPEN_ALL = """() => {
  const closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((one) => { if (!one.matches("[data-menu]")) one.open = true; });
  return closed.length;
}"""


def violations(page: Any) -> list[str]:
    """What axe finds wrong on the page as it is now."""
    found: list[str] = page.evaluate(FOUND, RULES)["violations"]
    return found


def too_wide(page: Any) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def clipped(page: Any) -> list[str]:
    """Texts that stick out of their box or are hidden by it."""
    found: list[str] = page.evaluate(CLIPPED)
    return found
