import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import type { InstalledPackage } from "./installed-packages.ts";

const MARK = "__epoqueLocation";

/** Expressions by which code finds its own location. In a bundle they give the bundle's location. */
const ASKING = [
  "__dirname",
  "__filename",
  "import.meta.url",
  "import.meta.dirname",
  "import.meta.filename",
  "import.meta.resolve",
  "require.resolve",
  ...["filename", "path", "paths", "parent", "children", "require"].map((property) => `module.${property}`),
];

const MAY_ASK = new RegExp(ASKING.map((name) => name.replaceAll(".", "\\s*\\??\\.\\s*")).join("|"));

const known = new Map<string, Promise<boolean>>();

/** Whether a package's file asks where it lies: it then looks for other files there, which a bundle does not have. */
export function looksForItself(file: string, { version }: InstalledPackage): Promise<boolean> {
  const key = `${file}@${version}`;
  const answer = known.get(key) ?? look(file);
  known.set(key, answer);
  return answer;
}

async function look(file: string): Promise<boolean> {
  const text = await readFile(file, "utf-8");
  if (!MAY_ASK.test(text)) return false;
  // Not in a comment, not in a text, not as a name of its own.
  const { code } = await transform(text, {
    loader: /\.[cm]?tsx?$/.test(file) ? "ts" : "js",
    minifyWhitespace: true,
    legalComments: "none",
    define: Object.fromEntries(ASKING.map((name) => [name, MARK])),
    logLevel: "silent",
  });
  return code.includes(MARK);
}
