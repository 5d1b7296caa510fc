import { CfnOutput } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { physicalName } from "./naming.ts";

export interface Publisher extends IGrantable {
  addEnvironment(name: string, value: string): unknown;
}

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

  /** Lets a Lambda, or the tasks of a function, publish what they change, and tells them where. */
  publishedBy(publisher: Publisher): void {
    publisher.addEnvironment("EPOQUE_EVENT_BUS", this.bus.eventBusName);
    this.bus.grantPutEventsTo(publisher);
  }
}
