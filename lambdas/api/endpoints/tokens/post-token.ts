import { DomainError } from "../../../core/errors.ts";
import { type CreateTokenPorts, createToken } from "../../../flows/create-token.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { presentToken } from "../../present-token.ts";
import { TokenBody } from "../../schemas/tokens.ts";

/** `POST /public/v2/tokens`: makes a named token. The answer alone has it. */
export function postToken(ports: CreateTokenPorts): Endpoint {
  return async ({ body, principal }) => {
    const { name, scopes, functions, expires_at: expiresAtMs } = parse(TokenBody, body);
    if (expiresAtMs !== undefined && expiresAtMs <= ports.clock.now()) {
      throw new DomainError("bad_request", "expires_at: must be in the future");
    }
    const { token, text } = await createToken(ports, {
      name,
      scopes: [...new Set(scopes)],
      createdBy: nameOf(principal),
      ...(functions && { functions: [...new Set(functions)] }),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
    });
    return json(201, { data: { ...presentToken(token), token: text } });
  };
}
