import { relative, resolve, sep } from "node:path";

/**
 * A source map whose sources are named by their path in the project: the same wherever the project lies, and what
 * stacks show then.
 * @param directory the folder that the map lies in
 */
export function portableSourceMap(map: string, directory: string, root: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  const sources = parsed.sources.map((source) =>
    // Virtual modules of the bundler have a scheme.
    /^[\w-]+:/.test(source) ? source : relative(root, resolve(directory, source)).split(sep).join("/"),
  );
  return JSON.stringify({ ...parsed, sources });
}
