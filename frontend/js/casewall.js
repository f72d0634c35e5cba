// Everything here is an addition: each page works without it.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { LeavePage } from "./leave.js";
import { foldFilters } from "./filters.js";
import { prepareRegisters } from "./register.js";

const components = [Button, Checkboxes, ErrorSummary, LeavePage, Radios, SkipLink];

function start(root) {
  for (const Component of components) {
    const found = [...root.querySelectorAll(`[data-module="${Component.moduleName}"]`)];
    for (const element of found) {
      // A second start on the same element throws; after an exchange by htmx most are old.
      if (element.hasAttribute(`data-${Component.moduleName}-init`)) continue;
      // Radios that reveal nothing need no script, and say so by throwing.
      try {
        new Component(element);
      } catch (problem) {
        console.warn(problem.message);
      }
    }
  }
  prepareRegisters(root);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
start(document);
foldFilters(document);
document.addEventListener("htmx:after:swap", () => start(document));
