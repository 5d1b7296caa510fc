import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { OnLoadResult, Plugin } from "esbuild";
import { getTsconfig, type TsConfigJson } from "get-tsconfig";
import { isInPackage } from "./installed-packages.ts";

type CompilerOptions = NonNullable<TsConfigJson["compilerOptions"]>;

/** The part of TypeScript's API that is used. TypeScript 7 has none. */
type TypeScript = Pick<
  typeof import("typescript-6"),
  "transpileModule" | "convertCompilerOptionsFromJson" | "ModuleKind" | "ScriptTarget" | "JsxEmit"
>;

/**
 * Compiles the files that `emitDecoratorMetadata` counts for by TypeScript, the project's own where it has an API:
 * esbuild knows no types, which the metadata is made of. Files without decorators cost nothing more.
 */
export function decoratorMetadata(): Plugin {
  return {
    name: "decorator-metadata",
    setup(build) {
      // For one build: the next one may find other settings.
      const known = new Map<string, unknown>();
      build.onLoad(
        { filter: /\.[cm]?tsx?$/, namespace: "file" },
        async ({ path }): Promise<OnLoadResult | undefined> => {
          if (isInPackage(path)) return undefined;
          const options = compilerOptions(dirname(path), known);
          if (!options?.emitDecoratorMetadata || !options.experimentalDecorators) return undefined;
          const text = await readFile(path, "utf-8");
          if (!/@\s*[\w$(]/.test(text.replaceAll(/^\s*(\*|\/\/).*$/gm, ""))) return undefined;
          return { contents: compile(text, path, options), loader: path.endsWith("x") ? "jsx" : "js" };
        },
      );
    },
  };
}

function compilerOptions(folder: string, known: Map<string, unknown>): CompilerOptions | undefined {
  try {
    return getTsconfig(folder, "tsconfig.json", known)?.config.compilerOptions;
  } catch {
    // It cannot be read, or extends one that is not there, as SvelteKit's is before its first run: esbuild tells.
    return undefined;
  }
}

/** One file as JavaScript, with its metadata and an inline source map. JSX and modules stay as they are. */
function compile(text: string, path: string, { module: _, moduleResolution: __, ...given }: CompilerOptions): string {
  const ts = typeScriptFor(path);
  const { sourceRoot, mapRoot, ...options } = ts.convertCompilerOptionsFromJson(given, dirname(path)).options;
  const compilerOptions = {
    ...options,
    target: options.target ?? ts.ScriptTarget.ES2021,
    // TypeScript before 5.4 has no `Preserve`.
    module: ts.ModuleKind.Preserve ?? ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.Preserve,
    inlineSourceMap: true,
    sourceMap: false,
    importHelpers: false,
  };
  return ts.transpileModule(text, { fileName: path, compilerOptions }).outputText;
}

function typeScriptFor(path: string): TypeScript {
  try {
    const own = createRequire(path)("typescript") as Partial<TypeScript>;
    if (own.transpileModule !== undefined) return own as TypeScript;
  } catch {
    // The project has none.
  }
  return createRequire(import.meta.url)("typescript-6") as TypeScript;
}
