import { CfnOutput } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { physicalName } from "./naming.ts";

/** The bus that hears of every state change of every execution: see docs/operations.md. */
export class Events extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", {
      eventBusName: physicalName(this, "events"),
      description: "State changes of executions",
    });
    new CfnOutput(scope, "EventBus", { value: this.bus.eventBusName, description: "State changes of executions" });
  }

  /** Lets `lambda` publish what it changes, and tells it where. */
  publishedBy(lambda: Lambda): void {
    lambda.addEnvironment("EPOQUE_EVENT_BUS", this.bus.eventBusName);
    this.bus.grantPutEventsTo(lambda);
  }
}
