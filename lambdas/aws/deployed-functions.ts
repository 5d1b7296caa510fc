import { readFileSync } from "node:fs";
import { type DeployedFunction, type FunctionCatalog, functionCatalog } from "../core/functions.ts";

/**
 * The deployed functions. The build lays the list beside the bundle that this becomes part of: 60 functions do not fit
 * the 4 KB of a Lambda's environment.
 */
export function deployedFunctions(): FunctionCatalog {
  const text = readFileSync(new URL("functions.json", import.meta.url), "utf-8");
  return functionCatalog(JSON.parse(text) as DeployedFunction[]);
}
