import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { SIGNED_PATH } from "./routes.ts";

// Requests that are signed by Signature Version 4, where the deployment takes them. The gateway has checked them.

const SIGNED_ROUTE = `ANY ${SIGNED_PATH}`;
const PREFIX = SIGNED_PATH.slice(0, SIGNED_PATH.lastIndexOf("/"));

/** Whether the gateway has checked the signature of a request, and that its principal may send it. */
export function isSigned({ requestContext }: APIGatewayProxyEventV2): boolean {
  return requestContext.routeKey === SIGNED_ROUTE;
}

/** Returns the path without the prefix of signed requests. */
export function unprefixed(path: string): string {
  return path.slice(PREFIX.length);
}

/**
 * Returns the ARN of the principal who has signed a request. Source: "Working with AWS Lambda proxy integrations",
 * format 2.0.
 */
export function signerOf({ requestContext }: APIGatewayProxyEventV2): string | undefined {
  const { authorizer } = requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return authorizer?.iam?.userArn;
}
