import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript-6";

/** The modules that users import, and the files that declare what they export. */
const MODULES = [
  {
    name: "epoque",
    purpose: "The CDK construct, its options and its errors.",
    files: ["lib/epoque.ts", "lib/options.ts", "lib/errors.ts", "builder/build-errors.ts"],
  },
  {
    name: "epoque/function",
    purpose: "What the files of functions export and throw.",
    files: ["client/function.ts"],
  },
];

/** Longer than those in comments. */
const FENCE = "````";

/** Returns docs/api.md: the exported declarations of the package, with their comments. */
export function apiPage(): string {
  const sections = MODULES.map(({ name, purpose, files }) =>
    [`## \`${name}\``, purpose, ...files.flatMap(declarationsOf)].join("\n\n"),
  );
  return `${["# API reference", "`npm run api-page` writes this page from the code.", ...sections].join("\n\n")}\n`;
}

function declarationsOf(file: string): string[] {
  const source = readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf-8");
  const { outputText } = ts.transpileDeclaration(source, { fileName: file, compilerOptions: { stripInternal: true } });
  const parsed = ts.createSourceFile(file, outputText, ts.ScriptTarget.Latest, true);
  return parsed.statements.flatMap((statement) => {
    const name = exportedName(statement);
    return name === undefined ? [] : [`### ${name}\n\n${FENCE}ts\n${textOf(statement)}\n${FENCE}`];
  });
}

function exportedName(statement: ts.Statement): string | undefined {
  const isDeclaration =
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement);
  if (!isDeclaration || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    return undefined;
  return statement.name?.text;
}

// `#private;` only makes the type nominal.
function textOf(statement: ts.Statement): string {
  return statement
    .getFullText()
    .trim()
    .replace(/^ *#private;\n/m, "");
}
