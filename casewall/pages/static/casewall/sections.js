"use strict";

// On a phone the sections of a page stand in one row that moves sideways: show the chosen one.
for (const chosen of document.querySelectorAll(".cw-sections [aria-current]")) {
  chosen.scrollIntoView({ block: "nearest", inline: "center" });
}
