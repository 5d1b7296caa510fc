import { describe, expect, it } from "vitest";
import { aFunction, aFunctionProject, aPackage } from "../support/function-project.ts";

describe("what frameworks import", () => {
  it("of Next.js: server-only does nothing", async () => {
    await using project = await aFunctionProject({
      ...aPackage("server-only", {}, { "index.js": 'throw new Error("not in a client component");' }),
      "lib/db.ts": 'import "server-only"; export const db = 1;',
      "defer/a.ts": aFunction("next", "return db;", 'import { db } from "../lib/db";'),
    });
    expect(await project.call("next")).toBe(1);
  });

  it("of Next.js: client-only is refused", async () => {
    const built = aFunctionProject({
      "defer/a.ts": aFunction("next", "", 'import "../ui/button";'),
      "ui/button.tsx": 'import "client-only";',
    });
    await expect(built).rejects.toThrow(/^defer\/a\.ts: "client-only" cannot be imported: .* \(ui\/button\.tsx:1:/);
  });

  it("of SvelteKit: $env, $app/environment, and $lib without a tsconfig.json that knows it", async () => {
    await using project = await aFunctionProject({
      "src/lib/server/db.ts": 'import { PUBLIC_NAME } from "$env/static/public"; export const db = PUBLIC_NAME;',
      "src/lib/index.js": "export const index = 2;",
      "src/defer/.keep": "",
      "defer/a.ts": aFunction(
        "svelte",
        "return [db, env.PUBLIC_NAME, browser, index];",
        'import { db } from "$lib/server/db"; import { index } from "$lib"; import { env } from "$env/dynamic/private"; import { browser } from "$app/environment";',
      ),
    });
    expect(await project.call("svelte")).toEqual(["of the process", "of the process", false, 2]);
  });

  it("of Redwood: src/ of the side that the function lies in; of Remix: ~/ of tsconfig.json", async () => {
    await using project = await aFunctionProject({
      "tsconfig.json": JSON.stringify({ compilerOptions: { baseUrl: ".", paths: { "~/*": ["./app/*"] } } }),
      "src/lib/db.js": "export const db = 'redwood';",
      "app/db.server.ts": "export const db = 'remix';",
      "defer/nested/a.js": aFunction("redwood", "return db;", 'import { db } from "src/lib/db";'),
      "defer/b.ts": aFunction("remix", "return db;", 'import { db } from "~/db.server";'),
    });
    expect([await project.call("redwood"), await project.call("remix")]).toEqual(["redwood", "remix"]);
  });
});
