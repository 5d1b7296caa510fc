import type { System } from "../../harness/simulation/system.ts";
import { parseToken } from "../../lambdas/core/api-token.ts";
import { createToken } from "../../lambdas/flows/create-token.ts";
import { deleteToken } from "../../lambdas/flows/delete-token.ts";
import type { Scenario } from "./crash-points.ts";

const create = (system: System) =>
  system.api((ports) => createToken(ports, { name: "ci", scopes: ["read"], createdBy: "admin" }));

/** Flows of named tokens, for the crash points. */
export const tokens: readonly Scenario[] = [
  {
    flows: ["createToken"],
    name: "by a caller that deletes what nobody may know, and tries again",
    in: "api",
    async act(system) {
      let made = await create(system);
      for (; !("returned" in made); made = await create(system)) await system.api((ports) => deleteToken(ports, "ci"));
      const { hash } = parseToken(made.returned.text) ?? {};
      if (hash === undefined || system.tokens.get("ci")?.hash !== hash) {
        system.history.broken.push("the token that was told is not the one that is stored");
      }
    },
    ends: [],
    check: ({ tokens: { size } }) => (size === 1 ? [] : [`${size} tokens of one name`]),
  },
  {
    flows: ["deleteToken"],
    name: "by a caller that tries again",
    in: "api",
    arrange: create,
    async act(system) {
      for (const _ of [1, 2]) await system.api((ports) => deleteToken(ports, "ci"));
    },
    ends: [],
    check: ({ tokens: { size } }) => (size === 0 ? [] : ["a token outlives its revocation"]),
  },
];
