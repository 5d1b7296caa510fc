import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { AccessKeys } from "../../gateway/access-keys.ts";
import type { Policies } from "../../gateway/policies.ts";

import type { MetricAlarms } from "../../services/cloudwatch.ts";

import type { Ecs } from "../../services/ecs/ecs.ts";

import type { EventBuses } from "../../services/event-buses.ts";
import type { EventRules } from "../../services/event-rules.ts";
import type { EventSources } from "../../services/event-sources.ts";
import type { HttpApi } from "../../services/http-api.ts";
import type { Lambda } from "../../services/lambda.ts";
import type { Scheduler } from "../../services/scheduler/scheduler.ts";
import type { Secrets } from "../../services/secrets.ts";

/** Services in which resources are created. The clients call the gateway as the operator. */
export interface Services {
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  secrets: Secrets;
  scheduler: Scheduler;
  lambda: Lambda;
  ecs: Ecs;
  eventBuses: EventBuses;
  metricAlarms: MetricAlarms;
  eventRules: EventRules;
  eventSources: EventSources;
  httpApi: HttpApi;
  policies: Policies;
  /** Partition keys of the tables, by ARN. */
  partitionKeys: Map<string, string>;
  accessKeys: AccessKeys;
}
