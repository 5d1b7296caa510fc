"""Prints what is in the emulated account, one thing a line: account.py stacks | leftovers | secret ID | put-secret NAME VALUE.

Uses botocore, which MiniStack brings along: the project itself needs no client for most of these services.
"""

import hashlib
import json
import os
import sys

import botocore.session


def client(service):
    return botocore.session.get_session().create_client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def everything(service, operation, key, **parameters):
    connection = client(service)
    if not connection.can_paginate(operation):
        return getattr(connection, operation)(**parameters).get(key, [])
    pages = connection.get_paginator(operation).paginate(**parameters)
    return [item for page in pages for item in page.get(key, [])]


def stacks():
    """Every resource of both stacks with its physical id, and a hash of each Lambda's code."""
    for stack in ("Epoque-stateful", "Epoque-stateless"):
        for it in everything("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack):
            yield f"{it['ResourceType']} {it['LogicalResourceId']} {it['PhysicalResourceId']}"
    for it in everything("lambda", "list_functions", "Functions"):
        yield f"code {it['FunctionName']} {it['CodeSha256'][:12]} {digest(it.get('Environment', {}))}"


def leftovers():
    """Everything in the account that is not the CDK's own."""
    listings = {
        "table": everything("dynamodb", "list_tables", "TableNames"),
        "bucket": [it["Name"] for it in client("s3").list_buckets()["Buckets"]],
        "secret": [it["Name"] for it in everything("secretsmanager", "list_secrets", "SecretList")],
        "log-group": [it["logGroupName"] for it in everything("logs", "describe_log_groups", "logGroups")],
        "lambda": [it["FunctionName"] for it in everything("lambda", "list_functions", "Functions")],
        "queue": client("sqs").list_queues().get("QueueUrls", []),
        "schedule-group": [it["Name"] for it in client("scheduler").list_schedule_groups()["ScheduleGroups"]],
        "schedule": [it["Name"] for it in client("scheduler").list_schedules()["Schedules"]],
        "role": [it["RoleName"] for it in everything("iam", "list_roles", "Roles")],
        "api": [it["Name"] for it in client("apigatewayv2").get_apis()["Items"]],
        "alarm": [it["AlarmName"] for it in everything("cloudwatch", "describe_alarms", "MetricAlarms")],
    }
    for kind, names in listings.items():
        for name in names:
            if not name.startswith("cdk-") and (kind, name) != ("schedule-group", "default"):
                yield f"{kind} {name}"


def digest(value):
    return hashlib.sha1(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "put-secret":
        client("secretsmanager").create_secret(Name=arguments[0], SecretString=arguments[1])
    elif command == "secret":
        print(client("secretsmanager").get_secret_value(SecretId=arguments[0])["SecretString"])
    else:
        print("\n".join(sorted({"stacks": stacks, "leftovers": leftovers}[command]())))
