import type * as z from "zod";

type Issue = z.core.$ZodRawIssue;

const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
};

/** Describes what is wrong with the field of `root` that an issue is about, for a person who has never heard of zod. */
export function issueMessage(root: string): (issue: Issue) => string {
  return (issue) => {
    const field = [root, ...(issue.path ?? [])].join(".");
    return `${field} ${requirement(issue)}`;
  };
}

function requirement(issue: Issue): string {
  const actual = issue.input === undefined ? "and is missing" : `not ${shown(issue.input)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return `has no key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; correct or remove it`;
    case "invalid_type":
      if (issue.expected === "nonoptional") return "is missing";
      return `must be ${TYPES[issue.expected] ?? issue.expected}, ${actual}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}, ${actual}`;
    case "too_small":
      return issue.origin === "string" ? "must not be empty" : `must be ${issue.minimum} or more, ${actual}`;
    case "too_big":
      return `must be ${issue.maximum} or less, ${actual}`;
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
      return `is wrong: ${shown(issue.input)}`;
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
