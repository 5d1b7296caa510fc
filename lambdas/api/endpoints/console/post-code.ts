import { CODE_NONCE_BYTES, sealCode } from "../../../core/console-code.ts";
import { DomainError } from "../../../core/errors.ts";
import type { Clock, Tokens } from "../../../core/ports.ts";
import { timestamp } from "../../../core/present-execution.ts";
import { presentedToken } from "../../authenticate.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { ConsoleCodeBody } from "../../schemas/console.ts";

export interface PostCodePorts {
  tokens: Tokens;
  clock: Clock;
  randomBytes: (count: number) => Uint8Array;
}

/** `POST /console/codes`: a one-time code with which a browser gets the caller's token, for `/console/#code=…`. */
export function postCode({ tokens, clock, randomBytes }: PostCodePorts): Endpoint {
  return async ({ authorization, body = {} }) => {
    const token = presentedToken(authorization);
    if (token === undefined) throw new DomainError("bad_request", "a code stands for a token: send one");
    const { valid_seconds: validSeconds } = parse(ConsoleCodeBody, body);
    const untilMs = clock.now() + validSeconds * 1000;
    const [signingKey] = await tokens.signingKeys();
    const code = sealCode(signingKey, token, untilMs, randomBytes(CODE_NONCE_BYTES));
    return json(201, { data: { code, expires_at: timestamp(untilMs) } });
  };
}
