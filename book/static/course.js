// What scrolls sideways can be reached by the keyboard.
const reach = (box) => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
};
const boxes = document.querySelectorAll("pre, .katex-display, .pst-scrollable-table-container, .cell_output > .output");
const resized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
boxes.forEach((box) => {
  box.tabIndex = 0; // until it is laid out
  resized.observe(box);
});
document.fonts.ready.then(() => boxes.forEach((box) => {
  if (box.checkVisibility({ contentVisibilityAuto: true })) reach(box);
}));

// course.css lays out the sections that are near. Once the page is quiet the others follow, a piece
// at a time, so that the scroll bar is right, and a picture of the whole page is whole.
const whenIdle = (work) => window.requestIdleCallback?.(work, { timeout: 50 }) ?? setTimeout(work, 20);
const away = [...document.querySelectorAll(".bd-article section section")];
const layOut = (deadline) => {
  do {
    const section = away.shift();
    if (!section) return;
    section.style.contain = "layout style paint"; // as before, so that nothing moves
    section.style.contentVisibility = "visible";
    section.getBoundingClientRect(); // now, while there is time
  } while (deadline?.timeRemaining() > 10);
  whenIdle(layOut);
};
addEventListener("load", () => whenIdle(layOut));

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
