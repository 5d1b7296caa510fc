import { writeFile } from "node:fs/promises";
import { catalog } from "./catalog.ts";
import { packagesPage } from "./page.ts";
import { type Row, tryPackages } from "./try-packages.ts";

// npm run packages: installs each kind of packages in a project of its own, builds a function for each package, runs it
// on the local cloud, and writes docs/packages.md. Needs the npm registry; takes some minutes. Arguments are kinds:
// these alone, and nothing is written.

const kinds = process.argv.slice(2);
const rows: Row[] = [];
for (const [kind, cases] of Object.entries(catalog)) {
  if (kinds.length > 0 && !kinds.includes(kind)) continue;
  for (const row of await tryPackages(kind, cases)) {
    rows.push(row);
    console.log(
      `${row.problem === undefined ? "runs  " : "FAILS "} ${row.name}@${row.version} (${row.beside.join(" ") || "bundled"})`,
    );
    if (row.problem !== undefined) console.log(`       ${row.problem}`);
  }
}
console.log(`${rows.filter(({ problem }) => problem === undefined).length} of ${rows.length} run`);
if (kinds.length === 0) await writeFile(new URL("../../docs/packages.md", import.meta.url), packagesPage(rows));
