import { alarm, dashboard } from "./cloudwatch.ts";
import { dynamodbGlobalTable } from "./dynamodb-global-table.ts";
import { dynamodbTable } from "./dynamodb-table.ts";
import { ec2 } from "./ec2.ts";
import { ecsCluster, ecsTaskDefinition } from "./ecs.ts";
import { eventBus } from "./event-bus.ts";
import { eventInvokeConfig } from "./event-invoke-config.ts";
import { eventRule } from "./event-rule.ts";
import { eventSourceMapping } from "./event-source-mapping.ts";
import { httpApi, httpIntegration, httpRoute, httpStage } from "./http-api.ts";
import { iamPolicy, iamRole } from "./iam.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaPermission } from "./lambda-permission.ts";
import { logGroup } from "./log-group.ts";
import type { AnyResourceHandler } from "./resource-handler.ts";
import { s3BucketPolicy, sqsQueuePolicy } from "./resource-policies.ts";
import { s3Bucket } from "./s3-bucket.ts";
import { schedule } from "./schedule.ts";
import { scheduleGroup } from "./schedule-group.ts";
import { secret } from "./secret.ts";
import type { Services } from "./services.ts";
import { sqsQueue } from "./sqs-queue.ts";

/** Handlers of all supported resource types. */
export function resourceHandlers(services: Services): Record<string, AnyResourceHandler> {
  return {
    ...ec2(services),
    "AWS::ApiGatewayV2::Api": httpApi(services),
    "AWS::ApiGatewayV2::Integration": httpIntegration(services),
    "AWS::ApiGatewayV2::Route": httpRoute(services),
    "AWS::ApiGatewayV2::Stage": httpStage(services),
    "AWS::CloudWatch::Alarm": alarm(services),
    "AWS::CloudWatch::Dashboard": dashboard(),
    "AWS::DynamoDB::GlobalTable": dynamodbGlobalTable(services),
    "AWS::DynamoDB::Table": dynamodbTable(services),
    "AWS::ECS::Cluster": ecsCluster(services),
    "AWS::ECS::TaskDefinition": ecsTaskDefinition(services),
    "AWS::Events::EventBus": eventBus(services),
    "AWS::Events::Rule": eventRule(services),
    "AWS::IAM::Policy": iamPolicy(services),
    "AWS::IAM::Role": iamRole(services),
    "AWS::Lambda::EventInvokeConfig": eventInvokeConfig(),
    "AWS::Lambda::EventSourceMapping": eventSourceMapping(services),
    "AWS::Lambda::Function": lambdaFunction(services),
    "AWS::Lambda::Permission": lambdaPermission(services),
    "AWS::Logs::LogGroup": logGroup(),
    "AWS::S3::Bucket": s3Bucket(services),
    "AWS::S3::BucketPolicy": s3BucketPolicy(services),
    "AWS::SQS::Queue": sqsQueue(services),
    "AWS::SQS::QueuePolicy": sqsQueuePolicy(services),
    "AWS::Scheduler::Schedule": schedule(services),
    "AWS::Scheduler::ScheduleGroup": scheduleGroup(services),
    "AWS::SecretsManager::Secret": secret(services),
  };
}
