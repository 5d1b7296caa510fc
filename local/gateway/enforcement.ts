import type { Caller } from "./access-keys.ts";
import { callerArn } from "./caller-arn.ts";
import { AwsFailure } from "./failures.ts";
import type { Call, GatewayResponse, Interceptor } from "./messages.ts";
import type { Permission } from "./permissions/permission.ts";
import { permissionsWith } from "./permissions/permissions.ts";
import { mayKnowWhatIsThere } from "./permissions/s3.ts";
import type { Policies } from "./policies.ts";
import type { EvaluationResult } from "./policy/attached-policy.ts";
import type { AuthorizationRequest } from "./policy/authorization-request.ts";

type Acting = Exclude<Caller, { kind: "operator" }>;

/** Returns the interceptor that enforces IAM policies for all callers but the operator. */
export function enforcement(policies: Policies, ...lookups: Parameters<typeof permissionsWith>): Interceptor {
  const permissionsOf = permissionsWith(...lookups);
  return async (call, request, next) => {
    const { caller } = call;
    if (caller.kind === "operator") return next();
    const refusal = (permission: Permission) => refusalOf(policies, call, caller, permission);
    for (const permission of permissionsOf(call, request)) {
      const refused = refusal(permission);
      if (refused !== undefined) throw refused;
    }
    const response = await next();
    if (!isMissingObject(call, response)) return response;
    // S3 hides a missing object from callers without permission to list.
    const refused = refusal(mayKnowWhatIsThere(call.resource ?? ""));
    if (refused !== undefined) throw refused;
    return response;
  };
}

function refusalOf(policies: Policies, call: Call, caller: Acting, permission: Permission): AwsFailure | undefined {
  const request: AuthorizationRequest = {
    principal: { role: caller.roleArn },
    ...permission,
    // The gateway has HTTP where AWS has HTTPS; policies that demand it must hold.
    context: { "aws:SecureTransport": "true", ...permission.context },
  };
  const result = policies.evaluate(request);
  return result.decision === "allowed" ? undefined : accessDenied(call, caller, request, result);
}

function isMissingObject({ service, action }: Call, { status, body }: GatewayResponse): boolean {
  if (service !== "s3" || status !== 404) return false;
  return action === "HeadObject" || body.toString().includes("<Code>NoSuchKey</Code>");
}

function accessDenied(
  { service }: Call,
  caller: Acting,
  request: AuthorizationRequest,
  result: EvaluationResult,
): AwsFailure {
  const [status, code] = codes[service] ?? [403, "AccessDeniedException"];
  // Each service has its own format.
  const action = service === "sqs" ? request.action.toLowerCase() : request.action;
  const resource = service === "s3" ? `"${request.resource}"` : request.resource;
  const reason =
    result.deniedBy === undefined
      ? `because no identity-based policy allows the ${action} action`
      : `with an explicit deny in ${result.deniedBy === "identity" ? "an identity" : "a resource"}-based policy`;
  const user = `${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new AwsFailure(status, code, `User: ${user}`);
}

const codes: Readonly<Record<string, [status: number, code: string]>> = {
  dynamodb: [400, "com.amazon.coral.service#AccessDeniedException"],
  s3: [403, "AccessDenied"],
  secretsmanager: [400, "AccessDeniedException"],
  sqs: [403, "AccessDenied"],
};
