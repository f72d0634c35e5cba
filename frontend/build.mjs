// Builds what the pages load into ../casewall/pages/static/casewall. The result is committed, so
// nobody needs node to run Casewall. `--check` builds into memory and fails when it would differ.
import { mkdir, readFile, rm, writeFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import postcss from "postcss";
import rtlcss from "rtlcss";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../casewall/pages/static/casewall");
const modules = join(here, "node_modules");
const font = join(modules, "@fontsource/atkinson-hyperlegible-next");

// Parts of the components that no page has; one of them asks for a picture that is not here.
const unused = /moj-timeline__document|govuk-summary-card|govuk-button--(start|inverse)|govuk-back-link--inverse/;

function without(css) {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) => !unused.test(selector));
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  return root.toString();
}

async function styles() {
  const compiled = sass.compile(join(here, "scss/casewall.scss"), {
    // MOJ's own files name node_modules/…, ours name the packages.
    loadPaths: [here, modules],
    quietDeps: true,
    style: "expanded",
    logger: { warn: (message) => process.stderr.write(`${message}\n`) },
  });
  const css = without(compiled.css);
  const small = async (text) =>
    (await esbuild.transform(text, { loader: "css", minify: true, target: "safari15" })).code;
  return {
    "casewall.css": await small(css),
    "casewall.rtl.css": await small(rtlcss.process(css)),
  };
}

async function scripts() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, "js/casewall.js")],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020", "safari15"],
    legalComments: "none",
    write: false,
  });
  return {
    "casewall.js": outputFiles[0].text,
    "htmx.min.js": await readFile(join(modules, "htmx.org/dist/htmx.min.js"), "utf8"),
  };
}

async function fonts() {
  const files = {};
  for (const subset of ["latin", "latin-ext"]) {
    for (const weight of [400, 700]) {
      const name = `atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`;
      files[`fonts/${name}`] = await readFile(join(font, "files", name));
    }
  }
  files["fonts/OFL.txt"] = await readFile(join(font, "LICENSE"), "utf8");
  return files;
}

async function notices() {
  const parts = [
    // These two packages are published without their licence files.
    ["govuk-frontend", join(here, "licences/govuk-frontend.txt")],
    ["@ministryofjustice/frontend", join(here, "licences/moj-frontend.txt")],
    ["htmx.org", join(modules, "htmx.org/LICENSE")],
    ["@fontsource/atkinson-hyperlegible-next", join(font, "LICENSE")],
  ];
  let text = "Other people's work in this folder, each under its own licence.\n";
  for (const [name, file] of parts) {
    const about = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
    const licence = await readFile(file, "utf8");
    text += `\n${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${licence.trim()}\n`;
  }
  return { "NOTICES.txt": text };
}

async function drawings() {
  const files = {};
  for (const name of (await readdir(join(here, "drawings"))).sort()) {
    files[name] = await readFile(join(here, "drawings", name), "utf8");
  }
  return files;
}

const made = {
  ...(await styles()),
  ...(await scripts()),
  ...(await fonts()),
  ...(await notices()),
  ...(await drawings()),
};

if (process.argv.includes("--check")) {
  const differing = [];
  for (const [name, content] of Object.entries(made)) {
    const present = await readFile(join(target, name)).catch(() => null);
    if (present === null || !present.equals(Buffer.from(content))) differing.push(name);
  }
  if (differing.length) {
    console.error(`Not as built: ${differing.join(", ")}. Run: npm ci && npm run build`);
    process.exit(1);
  }
  console.log(`${Object.keys(made).length} files are as built.`);
} else {
  // What else lies there is written by hand and stays.
  await rm(join(target, "fonts"), { recursive: true, force: true });
  for (const [name, content] of Object.entries(made)) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), content);
    console.log(`${name.padEnd(66)} ${Buffer.byteLength(content)}`);
  }
}
