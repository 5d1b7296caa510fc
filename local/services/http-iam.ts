import { ACCOUNT } from "../account.ts";
import type { AccessKey, AccessKeys } from "../gateway/access-keys.ts";
import { callerArn } from "../gateway/caller-arn.ts";
import { AwsFailure } from "../gateway/failures.ts";
import type { GatewayRequest } from "../gateway/messages.ts";
import type { Policies } from "../gateway/policies.ts";
import { serviceOf, verifySignature } from "../gateway/signature.ts";

/** The principal of a signed request as a function sees it: `requestContext.authorizer` of payload format 2.0. */
export interface IamAuthorizer {
  iam: { accessKey: string; accountId: string; callerId: string; userArn: string; userId: string };
}

export interface IamAuthorization {
  accessKeys: AccessKeys;
  policies: Policies;
  aheadMs: () => number;
}

/**
 * Authorizes a request to a route of the type `AWS_IAM`: by its signature, and by the policies of its principal, who
 * needs `execute-api:Invoke` on `resource`. `undefined`: rejected.
 */
export function authorizeByIam(
  { accessKeys, policies, aheadMs }: IamAuthorization,
  request: GatewayRequest,
  resource: string,
): IamAuthorizer | undefined {
  const accessKey = signer(request, accessKeys, aheadMs());
  if (accessKey === undefined || !mayInvoke(policies, accessKey, resource)) return undefined;
  const { accessKeyId, caller } = accessKey;
  const userArn = callerArn(caller);
  return { iam: { accessKey: accessKeyId, accountId: ACCOUNT, callerId: accessKeyId, userArn, userId: accessKeyId } };
}

function signer(request: GatewayRequest, accessKeys: AccessKeys, aheadMs: number): AccessKey | undefined {
  // A signature for another service is none for this one.
  if (serviceOf(request) !== "execute-api") return undefined;
  try {
    return verifySignature(request, accessKeys, Date.now(), aheadMs);
  } catch (error) {
    if (error instanceof AwsFailure) return undefined;
    throw error;
  }
}

function mayInvoke(policies: Policies, { caller }: AccessKey, resource: string): boolean {
  if (caller.kind === "operator") return true;
  const context = { "aws:SecureTransport": "true" };
  return policies.allows({ principal: { role: caller.roleArn }, action: "execute-api:Invoke", resource, context });
}
