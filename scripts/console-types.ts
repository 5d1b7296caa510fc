import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

// npm run check: writes the types of the API for the console, from its contract, if that has changed.

const target = new URL("../console/src/api/schema.d.ts", import.meta.url);
const contract = readFileSync(new URL("../openapi.json", import.meta.url), "utf-8");
const header = `// Made from openapi.json ${createHash("sha256").update(contract).digest("hex").slice(0, 16)}\n`;

if (!existsSync(target) || !readFileSync(target, "utf-8").startsWith(header)) {
  // openapi-typescript prints with TypeScript's API, which TypeScript 7 does not have.
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === "typescript" ? "typescript-6" : specifier, context),
  });
  const { default: openapiTypes, astToString } = await import("openapi-typescript");
  writeFileSync(target, `${header}\n${astToString(await openapiTypes(contract))}`);
}
