import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";

// The entry in the history is exchanged before leaving, so that the browser's Back button lands on
// "This page has closed" and not on the form. Without script the button is a plain link.
export class LeavePage extends ExitThisPage {
  exitPage() {
    const closed = this.$root.dataset.closed;
    if (closed) window.history.replaceState(null, "", closed);
    document.title = " ";
    super.exitPage();
  }
}
