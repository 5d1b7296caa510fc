import { something } from "../../lambdas/core/ids.ts"; // FAULT
import { api } from "../api/api.ts";
import { readFileSync } from "node:fs"; // FAULT
import { other } from "../../test/support/api.ts"; // FAULT

export function Planted({ html }: { html: string }) {
  console.log(something, api, readFileSync, other);
  return <p dangerouslySetInnerHTML={{ __html: html }} />; // FAULT
}
