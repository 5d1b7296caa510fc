import { Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/** A role that EventBridge Scheduler may take on, for schedules of this account only. */
export function schedulerRole(scope: Construct, id: string, description: string): Role {
  const { account } = Stack.of(scope);
  return new Role(scope, id, {
    description,
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  });
}
