import { DomainError } from "../../../core/errors.ts";
import { isSeenKey } from "../../../core/failures/seen-hours.ts";
import { type FailuresPorts, listFailures as list } from "../../../flows/failures.ts";
import type { Endpoint } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { toPageRequest } from "../../parse-list.ts";
import { single, toNumber } from "../../parse-list-query.ts";
import { noItems, presentList } from "../../present.ts";
import { presentFailure } from "../../present-failure.ts";
import { narrowFunctions } from "../../reach.ts";
import { FailuresQuery } from "../../schemas/failures.ts";

/** `GET /public/v2/failures`: a page of the groups of failures, those that happened last first. */
export function listFailures(ports: FailuresPorts): Endpoint {
  return async ({ query, principal }) => {
    const { page, states, function_ids } = parse(FailuresQuery, toBody(query));
    const request = toPageRequest(page, isSeenKey);
    const functionIds = narrowFunctions(principal, function_ids);
    if (functionIds?.length === 0) return presentList(noItems, presentFailure);
    return presentList(await list(ports, { states, functionIds }, request), presentFailure);
  };
}

function toBody(query: URLSearchParams): unknown {
  const page: Record<string, unknown> = {};
  const filters: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (name === "first" || name === "last") page[name] = toNumber(values);
    else if (name === "after" || name === "before") page[name] = single(name, values);
    else if (name === "states" || name === "function_ids") filters[name] = values;
    else throw new DomainError("bad_request", `unknown query parameter ${name.slice(0, 100)}`);
  }
  return { page, ...filters };
}
