import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Api } from "./api.ts";
import type { LambdaCode } from "./build/build-code.ts";
import { UserFunction } from "./functions.ts";
import { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";
import { Sweep } from "./sweep.ts";

export interface ReplaceableProps extends StackProps {
  storage: Storage;
  code: LambdaCode;
}

/**
 * How many partitions the hot keys of the indexes are spread over: 1,000 writes per second each.
 * May grow, never shrink: what was written to a shard must still be found.
 */
const SHARDS = 4;

/** The stack of what may be replaced at any time: queues, Lambdas, the API. */
export class Replaceable extends Stack {
  constructor(scope: Construct, id: string, { storage, code, ...props }: ReplaceableProps) {
    super(scope, id, props);
    const scheduling = new Scheduling(this, "Scheduling", { code: code.fire, storage, shards: SHARDS });
    new Sweep(this, "Sweep", { code: code.sweep, storage, scheduling, shards: SHARDS });
    const api = new Api(this, "Api", { code: code.api, storage, scheduling, shards: SHARDS });
    for (const { manifest, directory } of code.functions) {
      new UserFunction(this, `Function-${manifest.name}`, {
        manifest,
        code: directory,
        storage,
        scheduling,
        endpoint: api.endpoint,
        shards: SHARDS,
      });
    }
    new CfnOutput(this, "Endpoint", { value: api.endpoint, description: "DEFER_ENDPOINT" });
    new CfnOutput(this, "TokenSecret", {
      value: storage.apiToken.secretArn,
      description: "The secret that holds DEFER_TOKEN",
    });
  }
}
