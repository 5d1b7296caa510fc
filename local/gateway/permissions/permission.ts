import type { Call, GatewayRequest } from "../messages.ts";
import type { AuthorizationRequest } from "../policy/authorization-request.ts";

/** A permission that a call needs, without its caller. */
export type Permission = Pick<AuthorizationRequest, "action" | "resource"> &
  Partial<Pick<AuthorizationRequest, "context">>;

/** Returns the permissions that a call of one service needs: one for each of its effects. */
export type PermissionsOf = (call: Call, request: GatewayRequest) => Permission[];

/** Returns the permission of most calls: the action of the same name, on the named resource. */
export function plain({ service, action, resource = "*" }: Call): Permission {
  return { action: `${service}:${action}`, resource };
}
