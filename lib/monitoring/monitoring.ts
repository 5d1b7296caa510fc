import { Stack } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Policy, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { acknowledgeCheckov } from "../acknowledge.ts";
import { physicalName } from "../naming.ts";
import { alarms, type Watched } from "./alarms.ts";
import { dashboard } from "./dashboard.ts";

export interface MonitoringProps extends Watched {
  /** Address for a mail when an alarm rings, and when it is over; AWS asks that address to confirm first. */
  alarmEmail?: string | undefined;
}

/** Dashboard, and alarms that say what to do, for the person at the AWS console at three in the morning. */
export class Monitoring extends Construct {
  /** URL of the dashboard in the AWS console. */
  readonly url: string;

  constructor(scope: Construct, id: string, { alarmEmail, ...watched }: MonitoringProps) {
    super(scope, id);
    const all = alarms(this, watched);
    grantDescribe(this, watched.api, all);
    const { dashboardName } = dashboard(this, watched, all);
    const { region } = Stack.of(this);
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
    if (alarmEmail === undefined) return;
    const action = new SnsAction(alarmTopic(this, alarmEmail));
    for (const alarm of all) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

// Beside the role: the alarms refer to the Lambda, which has its role first.
function grantDescribe(scope: Construct, { role }: Lambda, all: readonly Alarm[]): void {
  const resources = all.map(({ alarmArn }) => alarmArn);
  const describe = new PolicyStatement({ actions: ["cloudwatch:DescribeAlarms"], resources });
  role?.attachInlinePolicy(new Policy(scope, "TellAlarms", { statements: [describe] }));
}

function alarmTopic(scope: Construct, email: string): Topic {
  const topic = new Topic(scope, "Alarms", { topicName: physicalName(scope, "alarms"), enforceSSL: true });
  acknowledgeCheckov(topic, {
    CKV_AWS_26: "An alarm holds nothing of a user's data, and CloudWatch may not use the key that SNS has of its own.",
  });
  // A topic with a policy of its own has lost the one that let alarms of the account in.
  topic.grantPublish(
    new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  topic.addSubscription(new EmailSubscription(email));
  return topic;
}
