import type { Row } from "./try-packages.ts";

/** The page that explains where packages go, with what has been tried. */
export function packagesPage(rows: readonly Row[]): string {
  const running = rows.filter(({ problem }) => problem === undefined).length;
  const failing = rows.filter(({ problem }) => problem !== undefined);
  return `${EXPLANATION}
## Tried

\`npm run packages\` installs these in new projects, builds a function that uses each, and runs it on the local cloud:
${running} of ${rows.length} run. Packages beside the bundle are named without those that they need.

| kind | package | version | beside the bundle | runs |
| --- | --- | --- | --- | --- |
${rows.map(line).join("\n")}
${failing.map(({ name, problem }) => `\n- **${name}**: ${short(problem)}`).join("")}
`;
}

function line({ kind, name, version, beside, problem }: Row): string {
  return `| ${kind} | ${name} | ${version} | ${beside.join(", ") || "nothing"} | ${problem === undefined ? "yes" : "no"} |`;
}

function short(problem = ""): string {
  return problem.replaceAll(/\s+/g, " ").slice(0, 300);
}

const EXPLANATION = `# Packages

\`npm run packages\` writes this page.

Each function is one bundle: your code and the packages that it imports, without what it does not use. Nothing has to be
configured for most packages. This page tells where a package goes, and what to do where that is wrong.

## In the bundle

Whatever works there: your own files, packages of a workspace (with \`exports\` to \`.ts\` too), and dependencies. Imports
are resolved as Node does it, with the \`paths\` of your \`tsconfig.json\`.

- An import that **a dependency** cannot resolve (\`oracledb\` in knex) is no fault: it fails when it is reached, as in
  Node. An import of **your own** that cannot be resolved fails the build.
- \`module\`, \`exports\`, \`require\`, \`require.main\`, \`__dirname\` and \`__filename\` exist, and so do \`import.meta\` and
  top-level await. \`__dirname\` is the folder of the bundle.
- \`emitDecoratorMetadata\` is honoured, by your own TypeScript where it has an API (up to 6), else by ours.
- \`server-only\` does nothing, \`client-only\` fails the build. \`$env/*\`, \`$app/environment\` and \`$lib\` of SvelteKit and
  \`src/\` of Redwood are understood. \`import.meta.env\` has \`PROD\`, \`DEV\`, \`MODE\`, \`SSR\` and \`BASE_URL\` as Vite has them,
  and the function's own variables.

## Beside the bundle

A package lies in \`node_modules\` beside the bundle, whole and with all it needs, if code of it that is used

- is native, or a file that only Node can read,
- asks where it lies, to find a wasm file, a font, a worker: \`__dirname\`, \`import.meta.url\`, \`require.resolve\` and the
  like,
- loads packages by a name that it computes: dialects, drivers, transports, template engines,

or if such a package needs it, so that there is one copy of each. Where packages are loaded by name, two more kinds go
along, if they are among the \`dependencies\` of your \`package.json\`: optional peers (\`pg\` for Sequelize), and packages
that your code names in a text (\`target: "pino-pretty"\`).

For Lambda, npm installs these again, for Linux on arm64, if one of them is native or has an install script; else they
are copied as they are installed.

## \`config.external\`, \`config.include\`

\`\`\`ts
export default defer(sendMail);
export const config = { external: ["@acme/engine"], include: ["templates/**/*.hbs"] };
\`\`\`

\`external\` names packages that are to lie beside the bundle, imported or not. \`include\` names files of the project, as
seen from the folder of \`package.json\`; they lie beside the bundle under the same path, so read \`templates/hello.hbs\` as
seen from the working directory. Both are read before the file runs: write the lists out.
`;
