// A formula that scrolls can be reached by the keyboard.
const formulas = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const formula of document.querySelectorAll(".katex-display")) formulas.observe(formula);

// On paper everything is unfolded.
addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll("article details:not([open])")) {
    box.open = box.dataset.folded = true;
  }
});
addEventListener("afterprint", () => {
  for (const box of document.querySelectorAll("details[data-folded]")) {
    box.open = false;
    delete box.dataset.folded;
  }
});

// A browser reads no other page for one that was opened from a folder: search lists titles there.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
