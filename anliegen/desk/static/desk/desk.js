// The desk's two behaviours beside those of anliegen.js; without it every link leads to a whole page.
(() => {
  // single keys are off unless the person turned them on (WCAG 2.1.4)
  if (document.querySelector('[data-keys="off"]')) document.body.dataset.nokeys = "";
  // beside the list only where there is room; elsewhere the link itself is followed
  const wide = matchMedia("(min-width: 1200px)");
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-beside]");
    if (!link) return;
    if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) { event.stopImmediatePropagation(); return; }
    document.querySelectorAll("tr.is-open").forEach((row) => row.classList.remove("is-open"));
    document.querySelectorAll("[data-beside][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    link.closest("tr").classList.add("is-open");
    link.setAttribute("aria-current", "true");
  }, true);
})();
