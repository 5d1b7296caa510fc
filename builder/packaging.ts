import { cp, glob, mkdir, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { type Expression, type ObjectExpression, type Program, parse, type SpreadElement } from "acorn";
import { transform } from "esbuild";

/** The bundle settings in a function's `export const config`, read before the bundle exists. */
export interface Packaging {
  /** Names of packages that lie beside the bundle. */
  external: string[];
  /** Patterns of files of the project, as seen from its folder, that lie beside the bundle under the same path. */
  include: string[];
}

/**
 * Reads `config.external` and `config.include` off the source of a function: they have to be written out.
 * @returns what is wrong and what to do, if they are not
 */
export async function readPackaging(source: string): Promise<Packaging | { problem: string }> {
  const text = await readFile(source, "utf-8");
  const none = { external: [], include: [] };
  if (!/\bconfig\b/.test(text) || !/\b(external|include)\b/.test(text)) return none;
  const program = await parseSource(source, text);
  const config = program === undefined ? undefined : configOf(program);
  if (config === undefined) return none;
  const external = textsOf(config, "external");
  const include = textsOf(config, "include");
  const wrong = Object.entries({ external, include }).find(([, texts]) => texts === undefined);
  if (external === undefined || include === undefined)
    return { problem: `config.${wrong?.[0]} must be a list of texts, written out: it is read before the file runs` };
  const outside = include.find((pattern) => isAbsolute(pattern) || pattern.split(/[\\/]/).includes(".."));
  if (outside !== undefined)
    return { problem: `config.include: ${outside} leads out of the project; name files of the project, without ..` };
  return { external, include };
}

/**
 * Copies the files of the project that `include` names into `directory`, under the path that they have in the project.
 * @returns their absolute paths; or what is wrong, if there are none for a pattern
 */
export async function copyIncluded(
  include: readonly string[],
  root: string,
  directory: string,
): Promise<string[] | { problem: string }> {
  const files: string[] = [];
  for (const pattern of include) {
    const found: string[] = [];
    for await (const path of glob(pattern, { cwd: root, exclude: (name) => name === "node_modules" })) found.push(path);
    if (found.length === 0)
      return { problem: `config.include: there is no ${pattern}; paths are seen from the folder of package.json` };
    files.push(...found.map((path) => join(root, path)));
  }
  for (const file of files) {
    const target = join(directory, relative(root, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target, {
      recursive: true,
      dereference: true,
      filter: (path) => !path.split(sep).includes("node_modules"),
    });
  }
  return files;
}

// The bundler reports code that does not parse.
async function parseSource(source: string, text: string): Promise<Program | undefined> {
  try {
    const { code } = await transform(text, {
      loader: /tsx?$/.test(source) ? loaderOf(source) : "jsx",
      logLevel: "silent",
    });
    return parse(code, { ecmaVersion: "latest", sourceType: "module", allowReturnOutsideFunction: true });
  } catch {
    return undefined;
  }
}

function loaderOf(source: string): "ts" | "tsx" {
  return source.endsWith("x") ? "tsx" : "ts";
}

/** The object that the source exports as `config`. */
function configOf({ body }: Program): ObjectExpression | undefined {
  for (const statement of body) {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    const candidates: { name: unknown; value: unknown }[] = [];
    if (declared?.type === "VariableDeclaration")
      for (const { id, init } of declared.declarations)
        candidates.push({ name: id.type === "Identifier" && id.name, value: init });
    if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
      const { left, right } = statement.expression;
      if (left.type === "MemberExpression" && left.property.type === "Identifier")
        candidates.push({ name: left.property.name, value: right });
    }
    const found = candidates.find(({ name }) => name === "config")?.value as Expression | undefined;
    if (found?.type === "ObjectExpression") return found;
  }
  return undefined;
}

/** The texts in a list of an object: none if there is no such key, undefined if it is anything else. */
function textsOf({ properties }: ObjectExpression, name: string): string[] | undefined {
  const property = properties.find(
    (one) =>
      one.type === "Property" &&
      ((one.key.type === "Identifier" && one.key.name === name) ||
        (one.key.type === "Literal" && one.key.value === name)),
  );
  if (property === undefined) return [];
  if (property.type !== "Property" || property.value.type !== "ArrayExpression") return undefined;
  const values = property.value.elements.map(textOf);
  return values.every((value) => value !== undefined) ? values : undefined;
}

function textOf(element: Expression | SpreadElement | null): string | undefined {
  if (element?.type === "Literal" && typeof element.value === "string") return element.value;
  if (element?.type === "TemplateLiteral" && element.expressions.length === 0)
    return element.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
