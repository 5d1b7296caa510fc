import { DomainError } from "../../../core/errors.ts";
import { isFingerprint } from "../../../core/failures/fingerprint.ts";
import { type FailuresPorts, findFailure, resolveFailure } from "../../../flows/failures.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { presentFailure } from "../../present-failure.ts";
import { requireFunction } from "../../reach.ts";
import { ResolutionBody } from "../../schemas/failures.ts";

/** `POST /public/v2/failures/{fingerprint}/resolution`: resolved until it happens again, ignored, or open. */
export function postResolution(ports: FailuresPorts): Endpoint {
  return async ({ parameters: { fingerprint = "" }, body, principal }) => {
    const { state } = parse(ResolutionBody, body);
    if (!isFingerprint(fingerprint)) {
      throw new DomainError("not_found", `cannot find failures "${fingerprint.slice(0, 100)}"`);
    }
    const group = await findFailure(ports, fingerprint);
    requireFunction(principal, group.functionName);
    return json(200, { data: presentFailure(await resolveFailure(ports, group, state, nameOf(principal))) });
  };
}
