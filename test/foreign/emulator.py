"""Starts MiniStack 1.5.33, corrected where it does otherwise than AWS: docs/foreign.md names AWS's word on each."""

import datetime
import json
import random
import re
import string
import sys

import ministack.app as app
import ministack.core.iam_actions as iam_actions
import ministack.services.cloudformation.provisioners as cloudformation
import ministack.services.dynamodb as dynamodb
import ministack.services.eventbridge as events
import ministack.services.scheduler as scheduler
import ministack.services.secretsmanager as secrets

HANDLERS = cloudformation._RESOURCE_HANDLERS


def alarms_on_metric_math():
    """1. An alarm with `Metrics` is refused. It gets the first of its metrics."""
    original = cloudformation._cw_metric_alarm_record

    def record(name, props):
        if props.get("Metrics"):
            stat = next(each["MetricStat"] for each in props["Metrics"] if each.get("MetricStat"))
            metric = stat["Metric"]
            props = {key: value for key, value in props.items() if key != "Metrics"} | {
                "MetricName": metric["MetricName"],
                "Namespace": metric["Namespace"],
                "Dimensions": metric.get("Dimensions", []),
                "Period": stat["Period"],
                "Statistic": stat["Stat"],
            }
        return original(name, props)

    cloudformation._cw_metric_alarm_record = record


def ref_of_a_secret():
    """2. `Ref` of a secret is its name instead of its ARN, so that policies let nobody in."""
    handlers = HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def name_of(arn):
        return next((name for name, secret in secrets._secrets.items() if secret.get("ARN") == arn), arn)

    def create_secret(logical_id, props, stack_name):
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    def update_secret(arn, old, new, stack_name, logical_id=None):
        _, attributes = update(name_of(arn), old, new, stack_name, logical_id)
        return attributes["Arn"], attributes

    handlers.update(create=create_secret, update=update_secret, delete=lambda arn, props: delete(name_of(arn), props))


def secrets_without_punctuation():
    """3. `ExcludePunctuation` has no effect."""
    original = cloudformation._sm_secret_string

    def secret_string(props):
        generate = props.get("GenerateSecretString") or {}
        if not generate.get("ExcludePunctuation"):
            return original(props)
        return "".join(random.choices(string.ascii_letters + string.digits, k=generate.get("PasswordLength", 32)))

    cloudformation._sm_secret_string = secret_string


def paths_of_apis():
    """4. The emulator answers GET /health of every API itself."""
    app._HEALTH_PATHS = ("/_ministack/health", "/_localstack/health")


def groups_in_arns():
    """5. For IAM every schedule is in the group `default`."""
    original = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, *more):
        arn = original(service, method, path, headers, body, query_params, *more)
        if service != "scheduler" or ":schedule/default/" not in arn:
            return arn
        group = query_params.get("groupName")
        group = group[0] if isinstance(group, list) else group
        group = group or (json.loads(body).get("GroupName") if body else None)
        return arn.replace(":schedule/default/", f":schedule/{group}/") if group else arn

    for name, module in list(sys.modules.items()):
        if name.startswith("ministack") and getattr(module, "extract_resource_arn", None) is original:
            module.extract_resource_arn = extract_resource_arn


def context_attributes():
    """6. `<aws.scheduler.scheduled-time>` stays as it is in `Input`. It becomes the whole minute, as of cron()."""
    original = events._invoke_target

    def invoke_target(target, event, rule, view=None):
        if event.get("Source") == "aws.scheduler" and target.get("Input"):
            at = datetime.datetime.fromtimestamp(event["Time"], datetime.timezone.utc).replace(second=0, microsecond=0)
            text = target["Input"].replace("<aws.scheduler.scheduled-time>", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
            target = {**target, "Input": text}
        return original(target, event, rule, view)

    events._invoke_target = invoke_target


def groups_that_exist():
    """7. A schedule group whose name is taken is accepted."""
    handlers = HANDLERS["AWS::Scheduler::ScheduleGroup"]
    original = handlers["create"]

    def create_group(logical_id, props, stack_name):
        if props.get("Name") in scheduler._schedule_groups:
            raise ValueError(f"the schedule group {props['Name']} already exists")
        return original(logical_id, props, stack_name)

    handlers["create"] = create_group


def schedules_that_are_refused():
    """8. CloudFormation does not look at what CreateSchedule answers, and so the stack is complete without a schedule."""
    handlers = HANDLERS["AWS::Scheduler::Schedule"]
    original = scheduler._create_schedule
    refused = {}

    def create_schedule(name, body):
        answer = original(name, body)
        if answer[0] >= 400:
            refused[name] = answer[2].decode()
        return answer

    def checked(handler):
        def run(*arguments, **more):
            result = handler(*arguments, **more)
            if result[0] in refused:
                raise ValueError(refused.pop(result[0]))
            return result

        return run

    scheduler._create_schedule = create_schedule
    handlers.update(create=checked(handlers["create"]), update=checked(handlers["update"]))


def schedules_in_other_groups():
    """9. An update that names another group makes a second schedule; AWS does not find the schedule there."""
    handlers = HANDLERS["AWS::Scheduler::Schedule"]
    original = handlers["update"]

    def update_schedule(name, old, new, stack_name, *more):
        if new.get("GroupName") != old.get("GroupName") and new.get("Name") == old.get("Name"):
            raise ValueError(f"the schedule {name} was not found in the group {new.get('GroupName')}")
        return original(name, old, new, stack_name, *more)

    handlers["update"] = update_schedule


def leading_keys():
    """10. Requests have no `dynamodb:LeadingKeys`. They get the partition key of the item, or that of the query."""
    original = iam_actions.dynamodb_service_context

    def service_context(body):
        context = original(body)
        request = json.loads(body or b"{}")
        table = dynamodb._tables.get(request.get("TableName"))
        if table is None:
            return context
        item = request.get("Key") or request.get("Item") or queried(request)
        if table["pk_name"] in item:
            context["dynamodb:LeadingKeys"] = list(item[table["pk_name"]].values())
        return context

    def queried(request):
        names = request.get("ExpressionAttributeNames") or {}
        values = request.get("ExpressionAttributeValues") or {}
        equal = re.findall(r"(#?\w+)\s*=\s*(:\w+)", request.get("KeyConditionExpression") or "")
        return {names.get(name, name): values[value] for name, value in equal}

    iam_actions.dynamodb_service_context = service_context


if __name__ == "__main__":
    alarms_on_metric_math()
    ref_of_a_secret()
    secrets_without_punctuation()
    paths_of_apis()
    groups_in_arns()
    context_attributes()
    groups_that_exist()
    schedules_that_are_refused()
    schedules_in_other_groups()
    leading_keys()
    app.main()
