import type { Message } from "esbuild";

/** Returns a bundler message in one line: its text, the place, and advice where there is one. */
export function bundlerLine({ text, location }: Message): string {
  const where = location === null ? "" : ` (${slashes(location.file)}:${location.line}:${location.column + 1})`;
  return `${text.replaceAll(/\s*\n\s*/g, " ")}${where}${remedy(text)}`;
}

function remedy(text: string): string {
  const [, unresolved] = /^Could not resolve "(.*)"$/.exec(text) ?? [];
  if (unresolved !== undefined) return `; ${remedyForImport(unresolved)}`;
  if (text.startsWith("No loader is configured"))
    return "; only code, JSON, text, HTML, Markdown and images can be imported: read other files when the function is called";
  if (text.startsWith("No matching export")) return "; export it there, or correct the name";
  if (text.startsWith("Cannot find base config file"))
    return "; what it says of paths and JSX is not known: run what generates it, or correct the path";
  return "";
}

function remedyForImport(path: string): string {
  if (/^\.{0,2}(\/|$)/.test(path)) return "there is no such file: correct the path";
  // `@/x`, `~/x` and `#x` cannot be names of packages.
  if (/^(@\/|~|#)/.test(path)) return 'correct the path, or "paths" in tsconfig.json';
  const name = packageName(path);
  return `install it (npm install ${name}) or correct the name`;
}

/** Whether an import of `path` asks for a package. Names of packages may begin with a dot: `.prisma/client`. */
export function isBare(path: string): boolean {
  return !/^(\.{0,2}\/|\.{1,2}$|#)/.test(path);
}

/** The package that an import of `path` asks for: `@scope/name` of `@scope/name/part`. */
export function packageName(path: string): string {
  return path.split("/", /^[@.]/.test(path) ? 2 : 1).join("/");
}

/** A path of this machine with the separators of a URL. */
export function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
