// A formula that scrolls can be reached by the keyboard.
const reach = (formula) => {
  if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  else formula.removeAttribute("tabindex");
};
const formulas = document.querySelectorAll(".katex-display");
const resized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
formulas.forEach((formula) => resized.observe(formula));
document.fonts.ready.then(() => requestAnimationFrame(() => formulas.forEach(reach)));

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
