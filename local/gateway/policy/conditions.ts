import { type AuthorizationRequest, CONTEXT_KEYS } from "./authorization-request.ts";
import { arnPattern, wildcard } from "./wildcards.ts";

type Test = (actual: string) => boolean;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
const operators: Readonly<Record<string, (wanted: string) => Test>> = {
  StringLike: wildcard,
  StringEquals: (wanted) => (actual) => actual === wanted,
  Bool: (wanted) => (actual) => actual.toLowerCase() === wanted.toLowerCase(),
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
};

/** For a key with several values: each of them must fit. */
const FOR_ALL = "ForAllValues:";

/**
 * Whether all conditions of a statement hold. One about what a request does not tell does not hold.
 * @throws Error for an operator or a key that is not known here: it must not be taken for granted
 */
export function conditions(
  given: Readonly<Record<string, Record<string, string[]>>>,
): (request: AuthorizationRequest) => boolean {
  const all = Object.entries(given).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => condition(operator, key, values)),
  );
  return (request) => all.every((holds) => holds(request));
}

function condition(
  operator: string,
  key: string,
  values: readonly string[],
): (request: AuthorizationRequest) => boolean {
  const isForAll = operator.startsWith(FOR_ALL);
  const test = operators[isForAll ? operator.slice(FOR_ALL.length) : operator];
  if (test === undefined && operator !== "Null")
    throw new Error(`the condition operator ${operator} is not known here`);
  // Their case does not matter: CDK and CloudFormation write `AWS:SourceArn`.
  const known = CONTEXT_KEYS.find((it) => it.toLowerCase() === key.toLowerCase());
  if (known === undefined) throw new Error(`the condition key ${key} is not known here`);
  if (test === undefined) return ({ context }) => values.includes(String(context[known] === undefined));
  if (!isForAll && known === "dynamodb:LeadingKeys") throw new Error(`${key} has several values: use ${FOR_ALL}`);
  const tests = values.map(test);
  const fitsOne = (actual: string) => tests.some((fits) => fits(actual));
  return ({ context: { [known]: actual } }) =>
    // An absent key satisfies `ForAllValues`, in AWS as well.
    isForAll ? [actual ?? []].flat().every(fitsOne) : typeof actual === "string" && fitsOne(actual);
}
