import { presentExecution } from "../../../core/present-execution.ts";
import { type BulkPorts, dryRun, startBulk } from "../../../flows/bulk.ts";
import type { ListPorts } from "../../../flows/list-executions.ts";
import { type Endpoint, json, nameOf, parentOf } from "../../endpoint.ts";
import { argumentsText, parse } from "../../parse.ts";
import { toFilters } from "../../parse-list.ts";
import { presentBulk } from "../../present-bulk.ts";
import { ownFilters } from "../../reach.ts";
import { BulkBody } from "../../schemas/bulk.ts";

/** `POST /public/v2/bulk`: acts on everything that filters match, as a job; a dry run only counts. */
export function postBulk(ports: BulkPorts & ListPorts): Endpoint {
  return async ({ body, principal }) => {
    const asked = parse(BulkBody, body);
    const filters = ownFilters(principal, toFilters(asked.filters));
    if (asked.dry_run) {
      const { matched, isLowerBound, sample } = await dryRun(ports, filters, asked.limit);
      const shown = sample.map((execution) => presentExecution(execution));
      return json(200, { data: { matched, matched_is_lower_bound: isLowerBound, sample: shown } });
    }
    const parent = parentOf(principal);
    const job = await startBulk(ports, {
      action: asked.action,
      filters,
      force: asked.force,
      perSecond: asked.per_second,
      ...(asked.schedule_for !== undefined && { scheduledAtMs: asked.schedule_for }),
      ...(asked.arguments && { arguments: argumentsText("arguments", asked.arguments) }),
      ...(asked.limit !== undefined && { limit: asked.limit }),
      ...(parent && { parent }),
      by: nameOf(principal),
    });
    return json(202, { data: presentBulk(job) });
  };
}
