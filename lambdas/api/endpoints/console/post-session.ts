import { openCode } from "../../../core/console-code.ts";
import { DomainError } from "../../../core/errors.ts";
import type { Clock, ConsoleCodes, Tokens } from "../../../core/ports.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { ConsoleSessionBody } from "../../schemas/console.ts";

export interface PostSessionPorts {
  tokens: Tokens;
  clock: Clock;
  consoleCodes: ConsoleCodes;
}

/** `POST /console/session`: exchanges a one-time code for the token it stands for. */
export function postSession({ tokens, clock, consoleCodes }: PostSessionPorts): Endpoint {
  return async ({ body = {} }) => {
    const keys = await tokens.signingKeys(Infinity);
    const opened = openCode(keys, parse(ConsoleSessionBody, body).code, clock.now());
    if (opened === undefined || !(await consoleCodes.use(opened))) {
      throw new DomainError("unauthorized", "this code was used before or has expired; sign in with a token");
    }
    const answer = json(200, { data: { token: opened.token } });
    return { ...answer, headers: { ...answer.headers, "cache-control": "no-store" } };
  };
}
