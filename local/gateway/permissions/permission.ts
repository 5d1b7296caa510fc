import type { Call, GatewayRequest } from "../messages.ts";
import type { AuthorizationRequest } from "../policy/authorization-request.ts";

/** What a caller must be allowed, without who that is. */
export type Permission = Pick<AuthorizationRequest, "action" | "resource"> &
  Partial<Pick<AuthorizationRequest, "context">>;

/** What a call of one service needs: more than one permission where it does several things. */
export type PermissionsOf = (call: Call, request: GatewayRequest) => Permission[];

/** As most calls are: the action of the same name, on the one resource that is named. */
export function plain({ service, action, resource = "*" }: Call): Permission {
  return { action: `${service}:${action}`, resource };
}
