import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findings } from "./language/findings.ts";
import { tooLong } from "./language/width.ts";

// npm run check: looks for the words that CONTRIBUTING.md replaces, in code, comments and pages, and for lines of prose
// that are too long.

const root = fileURLToPath(new URL("..", import.meta.url));

/** Decisions and the change log are history, CONTRIBUTING.md holds the list of words; the rest is not ours to word. */
const NOT_CHECKED =
  /^(docs\/decisions\/|CHANGELOG\.md|CONTRIBUTING\.md|package-lock\.json|test\/fixtures\/|scripts\/language|test\/scripts\/language)/;

/** Written by programs, from code or from what they measured; performance.md is changed with every measurement. */
const NOT_WRAPPED = /^docs\/(api|cost|packages|performance)\.md$/;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n")
  .filter((file) => /\.(ts|tsx|mjs|md)$/.test(file) && !NOT_CHECKED.test(file));
const found = files.flatMap((file) => {
  try {
    const source = readFileSync(`${root}/${file}`, "utf-8");
    return [...findings(file, source), ...(NOT_WRAPPED.test(file) ? [] : tooLong(file, source))];
  } catch {
    return []; // Removed from the work tree and not yet from the index.
  }
});
for (const { file, line, text, advice } of found) console.error(`${file}:${line}  ${text}  (${advice})`);
if (found.length > 0) {
  console.error(
    `${found.length} places to reword: subject first, active verbs, the field's terms. See CONTRIBUTING.md.`,
  );
  process.exitCode = 1;
}
