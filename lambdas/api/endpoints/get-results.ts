import { attemptKeys } from "../../core/payload-keys.ts";
import type { Payloads } from "../../core/ports.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import { findResult } from "../../flows/find-result.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { presentPayload } from "../present.ts";

/** `GET /public/v2/executions/{id}/results`: what the function returned, or the error it failed with. */
export function getResults(ports: FindPorts & { payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await find(ports, parseId(request));
    switch (execution.state) {
      case "created":
      case "started":
      case "aborting":
        return json(202, { message: `the execution is ${execution.state}: there is no result yet` });
      case "cancelled":
      case "aborted":
      case "discarded":
        return { status: 204 };
      case "succeed":
      case "failed":
        return presentPayload(
          request,
          {
            payload: await findResult(ports, execution),
            key: attemptKeys(execution).result,
            contentType: "application/json",
          },
          ports.payloads,
        );
    }
  };
}
