// A filter panel starts open, so that it works without script; on a narrow screen it would push
// the list off the first screen, and is folded.
export function foldFilters(root) {
  if (!window.matchMedia("(max-width: 40em)").matches) return;
  for (const panel of root.querySelectorAll("details.cw-filter")) {
    if (!panel.querySelector('[aria-invalid="true"]')) panel.open = false;
  }
}
