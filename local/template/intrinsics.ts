import { ACCOUNT, arn, PARTITION, REGION, stableUuid, URL_SUFFIX } from "../account.ts";
import { TemplateError } from "./template-error.ts";

/** Scope of an expression in a template. Lookups return `undefined` for missing names. */
export interface Scope {
  stack: string;
  /** The value of `Ref` for a resource or parameter. */
  ref(logicalId: string): string | undefined;
  attribute(logicalId: string, name: string): string | undefined;
  importValue(exportName: string): string | undefined;
  stackOutput(stack: string, output: string): string | undefined;
}

const noValue = Symbol("AWS::NoValue");

/**
 * Returns a value with its intrinsic functions resolved.
 * @throws TemplateError naming the unsupported part
 */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveAny(value, scope);
  return resolved === noValue ? undefined : resolved;
}

/** Returns the logical ids (and pseudo parameters) that a value refers to in its own stack. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const call = intrinsicCall(value);
  if (call === undefined) return Object.values(value).flatMap(referencesIn);
  if (call.name === "Ref") return [String(call.argument)];
  if (call.name === "Fn::GetAtt") return [getAttParts(call.argument)[0]];
  if (call.name === "Fn::Sub") {
    const [text, variables] = subParts(call.argument);
    const names = [...text.matchAll(SUB_VARIABLE)].map(([, name = ""]) => name.split(".", 1)[0] as string);
    return [...names.filter((name) => !(name in variables)), ...referencesIn(variables)];
  }
  return referencesIn(call.argument);
}

function resolveAny(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveAny(item, scope)).filter((item) => item !== noValue);
  if (!isObject(value)) return value;
  const call = intrinsicCall(value);
  if (call !== undefined) {
    const intrinsic = intrinsics[call.name];
    if (intrinsic === undefined) throw new TemplateError(`intrinsic function ${call.name} is not known here`);
    return intrinsic(call.argument, scope);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, resolveAny(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== noValue));
}

const intrinsics: Record<string, (argument: unknown, scope: Scope) => unknown> = {
  Ref: (name, scope) => ref(String(name), scope),
  "Fn::GetAtt": (argument, scope) => {
    const [logicalId, attribute] = getAttParts(argument);
    return getAtt(logicalId, attribute, scope);
  },
  "Fn::Join": (argument, scope) => {
    const [separator, items] = list(argument, scope, "Fn::Join");
    return list(items, scope, "Fn::Join").map(String).join(String(separator));
  },
  "Fn::Sub": (argument, scope) => sub(argument, scope),
  "Fn::Select": (argument, scope) => {
    const [index, items] = list(argument, scope, "Fn::Select");
    const picked = list(items, scope, "Fn::Select")[Number(index)];
    if (picked === undefined) throw new TemplateError(`Fn::Select has no item ${index}`);
    return picked;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, text] = list(argument, scope, "Fn::Split");
    return String(text).split(String(separator));
  },
  // The region has these zones.
  "Fn::GetAZs": () => ["a", "b", "c"].map((zone) => `${REGION}${zone}`),
  "Fn::ImportValue": (argument, scope) => {
    const name = String(resolveAny(argument, scope));
    return known(scope.importValue(name), `Fn::ImportValue: no stack exports "${name}"`);
  },
  "Fn::GetStackOutput": (argument, scope) => getStackOutput(argument, scope),
};

function ref(name: string, scope: Scope): unknown {
  if (name === "AWS::NoValue") return noValue;
  if (name.startsWith("AWS::")) {
    return known(pseudoParameters[name]?.(scope.stack), `pseudo parameter ${name} is not known here`);
  }
  return known(scope.ref(name), `Ref: there is no "${name}"`);
}

const pseudoParameters: Record<string, (stack: string) => string> = {
  "AWS::Region": () => REGION,
  "AWS::AccountId": () => ACCOUNT,
  "AWS::Partition": () => PARTITION,
  "AWS::URLSuffix": () => URL_SUFFIX,
  "AWS::StackName": (stack) => stack,
  "AWS::StackId": (stack) => arn("cloudformation", `stack/${stack}/${stableUuid(stack)}`),
};

function getAtt(logicalId: string, attribute: string, scope: Scope): string {
  return known(
    scope.attribute(logicalId, attribute),
    `Fn::GetAtt: "${logicalId}" has no attribute "${attribute}" here`,
  );
}

const SUB_VARIABLE = /\$\{([^!}][^}]*)\}/g;

function sub(argument: unknown, scope: Scope): string {
  const [text, variables] = subParts(argument);
  const replaced = text.replace(SUB_VARIABLE, (_, name: string) => {
    if (name in variables) return String(resolveAny(variables[name], scope));
    const dot = name.indexOf(".");
    return String(dot === -1 ? ref(name, scope) : getAtt(name.slice(0, dot), name.slice(dot + 1), scope));
  });
  // `${!x}` stands for a plain `${x}`.
  return replaced.replaceAll("${!", "${");
}

function getStackOutput(argument: unknown, scope: Scope): string {
  const resolved = resolveAny(argument, scope) as Record<string, unknown>;
  const { StackName, OutputName, Region = REGION, ...others } = resolved;
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new TemplateError(`Fn::GetStackOutput: ${unknown.join(", ")} is not known here`);
  if (Region !== REGION) throw new TemplateError(`Fn::GetStackOutput: there is only the region ${REGION} here`);
  return known(
    scope.stackOutput(String(StackName), String(OutputName)),
    `Fn::GetStackOutput: stack "${StackName}" has no output "${OutputName}"`,
  );
}

function intrinsicCall(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const [name, ...more] = Object.keys(value);
  if (name === undefined || more.length > 0 || (name !== "Ref" && !name.startsWith("Fn::"))) return undefined;
  return { name, argument: value[name] };
}

function getAttParts(argument: unknown): [string, string] {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  if (Array.isArray(argument) && argument.length === 2) return [String(argument[0]), String(argument[1])];
  throw new TemplateError(`Fn::GetAtt: ${JSON.stringify(argument)} is not understood`);
}

function subParts(argument: unknown): [string, Record<string, unknown>] {
  if (typeof argument === "string") return [argument, {}];
  if (Array.isArray(argument) && typeof argument[0] === "string" && isObject(argument[1])) {
    return [argument[0], argument[1]];
  }
  throw new TemplateError(`Fn::Sub: ${JSON.stringify(argument)} is not understood`);
}

function list(argument: unknown, scope: Scope, name: string): unknown[] {
  const resolved = resolveAny(argument, scope);
  if (!Array.isArray(resolved)) throw new TemplateError(`${name}: ${JSON.stringify(argument)} is not a list`);
  return resolved;
}

function known<T>(value: T | undefined, problem: string): T {
  if (value === undefined) throw new TemplateError(problem);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
