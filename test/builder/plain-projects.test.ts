import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { aFunctionProject, aPackage } from "../support/function-project.ts";

// Folders of functions as public projects without a framework have them.

describe("a folder of functions", () => {
  it("of a monorepo: workspaces whose exports are .ts and .tsx, and a shared tsconfig", async () => {
    await using project = await aFunctionProject(
      {
        "package.json": '{ "private": true, "workspaces": ["apps/*", "packages/*"] }',
        "turbo.json": "{}",
        "packages/tsconfig/package.json": '{ "name": "@acme/tsconfig", "version": "0.0.0" }',
        "packages/tsconfig/base.json": '{ "compilerOptions": { "strict": true, "useDefineForClassFields": false } }',
        "packages/tsconfig/nextjs.json": '{ "extends": "./base.json", "compilerOptions": { "jsx": "preserve" } }',
        "packages/db/package.json": `{ "name": "@acme/db", "type": "module", "imports": { "#internal/*": "./src/internal/*.ts" },
          "exports": { ".": { "types": "./src/index.ts", "default": "./src/index.ts" }, "./queries/*": "./src/queries/*.ts", "./schema": { "import": "./src/schema.ts" } } }`,
        "packages/db/src/index.ts":
          'export * from "./schema.js";\nexport { url } from "#internal/url";\nexport type { Row } from "./queries/users.js";',
        "packages/db/src/internal/url.ts": "export const url: string = 'db';",
        "packages/db/src/schema.ts":
          "export enum Plan { Free = 'free' }\nexport namespace Tables { export const users = 'users'; }",
        "packages/db/src/queries/users.ts":
          'import { Plan } from "../schema.js";\nexport interface Row { plan: Plan }\nexport const users = (): Row[] => [{ plan: Plan.Free }];',
        "packages/emails/package.json": '{ "name": "@acme/emails", "main": "./index.tsx", "types": "./index.tsx" }',
        "packages/emails/index.tsx": "export const Welcome = ({ name }: { name: string }) => <p>{name}</p>;",
        "packages/emails/tsconfig.json":
          '{ "extends": "@acme/tsconfig/nextjs.json", "compilerOptions": { "jsx": "react-jsx" } }',
        ...aPackage(
          "react",
          { exports: { ".": "./index.js", "./jsx-runtime": "./jsx-runtime.js" } },
          { "jsx-runtime.js": "exports.jsx = (type, props) => [type, props.children];" },
        ),
        "apps/web/package.json": '{ "name": "web", "dependencies": { "@acme/db": "*", "@acme/emails": "*" } }',
        "apps/web/tsconfig.json":
          '{ "extends": "@acme/tsconfig/nextjs.json", "compilerOptions": { "paths": { "@/*": ["./*"] } }, "references": [{ "path": "../../packages/db" }] }',
        "apps/web/defer/welcome.tsx": `import { defer } from "@defer/client";\nimport { Plan, Tables, type Row, url } from "@acme/db";\nimport { users } from "@acme/db/queries/users";\nimport { Welcome } from "@acme/emails";
          const welcome = async (row?: Row) => [url, Tables.users, Plan.Free, row ?? users()[0], <Welcome name="ada" />.type === undefined];
          export default defer(welcome);`,
      },
      {
        folder: "apps/web/defer",
        links: {
          "node_modules/@acme/db": "packages/db",
          "node_modules/@acme/emails": "packages/emails",
          "node_modules/@acme/tsconfig": "packages/tsconfig",
        },
      },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("welcome")).toEqual(["db", "users", "free", { plan: "free" }, true]);
  });

  it("of a pnpm workspace: a package of its own, linked packages, a store of versions", async () => {
    const store = "node_modules/.pnpm";
    const inStore = (id: string, files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`${store}/${id}/${path}`, text]));
    await using project = await aFunctionProject(
      {
        "package.json": '{ "private": true }',
        "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
        "packages/tsconfig.json":
          '{ "compilerOptions": { "module": "commonjs", "baseUrl": "./", "esModuleInterop": true /* as tsc --init */ } }',
        "packages/api/index.ts": 'import helloWorld from "../defer/helloWorld";\nhelloWorld("x");',
        "packages/defer/package.json":
          '{ "name": "defer", "main": "index.js", "dependencies": { "utils": "workspace:*", "date-fns": "^2", "renderer": "^1" } }',
        "packages/defer/helloWorld.ts": `import { defer } from "@defer/client";\nimport { now } from "utils/now";\nimport * as utils from "utils";\nimport { version } from "date-fns";\nimport { render } from "renderer";
          const helloWorld = (name: string) => new Promise((resolve) => { setTimeout(() => { console.log("Hello " + name); resolve([now(), utils.inner(), version, render()]); }, 1); });
          export default defer(helloWorld);`,
        "packages/utils/package.json": '{ "name": "utils", "main": "index.js", "dependencies": { "date-fns": "^3" } }',
        "packages/utils/index.js": 'const { version } = require("date-fns");\nexports.inner = () => version;',
        "packages/utils/now.ts": "export const now = (): string => 'now';",
        ...inStore(
          "date-fns@2.29.3",
          aPackage("date-fns", { version: "2.29.3" }, { "index.js": "exports.version = 2;" }),
        ),
        ...inStore(
          "date-fns@3.6.0",
          aPackage("date-fns", { version: "3.6.0" }, { "index.js": "exports.version = 3;" }),
        ),
        // It looks for its font, so it lies beside the bundle, with what pnpm has put beside it.
        ...inStore(
          "renderer@1.0.0",
          aPackage(
            "renderer",
            { dependencies: { "date-fns": "^3" } },
            {
              "index.js":
                'const { readFileSync } = require("fs"); exports.render = () => [readFileSync(__dirname + "/font.ttf", "utf-8"), require("date-fns").version];',
              "font.ttf": "font",
            },
          ),
        ),
      },
      {
        folder: "packages/defer",
        links: {
          "packages/defer/node_modules/@defer/client": resolve("node_modules/@defer/client"),
          "packages/defer/node_modules/utils": "packages/utils",
          "packages/defer/node_modules/date-fns": `${store}/date-fns@2.29.3/node_modules/date-fns`,
          "packages/defer/node_modules/renderer": `${store}/renderer@1.0.0/node_modules/renderer`,
          "packages/utils/node_modules/date-fns": `${store}/date-fns@3.6.0/node_modules/date-fns`,
          [`${store}/renderer@1.0.0/node_modules/date-fns`]: `${store}/date-fns@3.6.0/node_modules/date-fns`,
        },
      },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("helloWorld")).toEqual(["now", 3, 2, ["font", 3]]);
  });

  it("with helpers, types, an index and data beside the functions, which call each other", async () => {
    await using project = await aFunctionProject({
      "package.json": '{ "type": "module" }',
      "defer/index.ts":
        'export { default as importContacts } from "./importContacts.js";\nexport { default as notify } from "./jobs/notify";\nexport * from "./types";',
      "defer/types.ts": "export interface Contact { email: string }\nexport type Contacts = Contact[];",
      "defer/types.d.ts": "declare const untyped: string;",
      "defer/README.md": "# Functions",
      "defer/data.json": '{ "limit": 2 }',
      "defer/.eslintrc.cjs": "module.exports = { root: true };",
      "defer/__tests__/notify.test.ts": 'import { it } from "vitest";\nit.todo("notifies");',
      "defer/lib/format.ts":
        "export const format = (text: string) => text.trim();\nexport const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));",
      "defer/lib/lazy.ts": 'export const lazy = "lazy";',
      "defer/jobs/notify.ts": `import { defer } from "@defer/client";\nimport type { Contact } from "../types";
        const notify = async (contact: Contact) => contact.email;\nexport default defer(notify, { concurrency: 2 });`,
      "defer/importContacts.ts": `import { assignOptions, defer, type Delay } from "@defer/client";\nimport { limit } from "./data.json";\nimport { format } from "./lib/format";\nimport notify from "./jobs/notify";\nimport { type Contacts } from "./types";
        export type { Contacts };\nexport const description = "not a function";
        async function importContacts(contacts: Contacts = [{ email: " a@b.c " }]) { const { lazy } = await import("./lib/lazy"); const later = assignOptions(notify, { delay: "1h" as Delay });
          return [limit, lazy, typeof later, ...contacts.map(({ email }) => format(email))]; }
        export default defer(importContacts);`,
    });
    expect(project.functions.map(({ manifest }) => manifest.name)).toEqual(["importContacts", "notify"]);
    expect(await project.call("importContacts")).toEqual([2, "lazy", "function", "a@b.c"]);
  });

  it("in CommonJS, with require in the body, helpers beside functions, and files of the working directory", async () => {
    await using project = await aFunctionProject({
      ...aPackage(
        "esm-only",
        { type: "module", exports: "./index.js" },
        { "index.js": 'export const kind = "esm";\nexport default 1;' },
      ),
      ...aPackage(
        "lodash",
        {},
        {
          "lodash.js":
            ";(function() { var root = Function('return this')(); var freeModule = typeof module == 'object' && module && !module.nodeType && module; if (freeModule) (freeModule.exports = { chunk: (list) => [list, typeof root.setTimeout] }); }.call(this));",
          "package.json": '{ "name": "lodash", "version": "4.17.21", "main": "lodash.js" }',
        },
      ),
      "package.json": '{ "name": "old", "version": "1.2.3", "main": "server.js" }',
      "config.json": '{ "name": "config" }',
      "templates/hello.hbs": "Hello {{name}}",
      "lib/index.js":
        '"use strict";\nconst { basename } = require("path");\nmodule.exports.place = () => basename(__filename);',
      "defer/all.js": 'module.exports = { report: require("./report") };',
      "defer/helper.js": "module.exports = { twice: (x) => x * 2 };",
      "defer/seed.js": "process.exit(1);",
      "defer/report.js": `"use strict";
        const { defer } = require("@defer/client");
        const { twice } = require("./helper");
        async function report() {
          const fs = require("node:fs"), path = require("path"), _ = require("lodash");
          const { version } = require("../package.json");
          const { place } = require("../lib");
          const { kind } = await import("esm-only");
          const template = fs.readFileSync(path.join(process.cwd(), "templates", "hello.hbs"), "utf-8");
          const here = fs.existsSync(path.join(__dirname, "templates"));
          return [twice(2), version, require("../config").name, place(), kind, template, here, _.chunk([1]), module.exports === exports];
        }
        module.exports = defer(report, { retry: 2 });
        module.exports.config = { include: ["templates/*.hbs"] };`,
      "defer/mixed.ts": `import { defer } from "@defer/client";
        const mixed = async () => { const { twice } = require("./helper"); const { kind } = require("esm-only"); try { require("not-installed"); } catch (error: any) { return [twice(4), kind, error.code]; } };
        export default defer(mixed);`,
    });
    expect(project.functions.map(({ manifest }) => manifest.name)).toEqual(["mixed", "report"]);
    expect(await project.call("report")).toEqual([
      4,
      "1.2.3",
      "config",
      "function.mjs",
      "esm",
      "Hello {{name}}",
      true,
      [[1], "function"],
      false,
    ]);
    expect(await project.call("mixed")).toEqual([8, "esm", "MODULE_NOT_FOUND"]);
    expect(project.warnings.map((line) => line.split(":")[0])).toEqual([
      "defer/all.js",
      "defer/helper.js",
      "defer/seed.js",
    ]);
  });
});
