/** Returns the test of a pattern, in which `*` stands for any characters and `?` for one. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
  return (text) => expression.test(text);
}

/**
 * Returns the test of an ARN pattern. Compares each of the six parts on its own: a `*` does not reach into the next.
 * Only the last part may contain colons. The pattern `*` matches every ARN.
 * @throws Error for a pattern without six parts
 */
export function arnPattern(pattern: string): (arn: string) => boolean {
  if (pattern === "*") return () => true;
  const wanted = partsOf(pattern);
  if (wanted.length !== ARN_PARTS) throw new Error(`${pattern} is no pattern for ARNs`);
  const tests = wanted.map(wildcard);
  return (arn) => {
    const parts = partsOf(arn);
    return parts.length === ARN_PARTS && parts.every((part, index) => tests[index]?.(part));
  };
}

/** `arn:partition:service:region:account:resource` */
const ARN_PARTS = 6;

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return [
    ...parts.slice(0, ARN_PARTS - 1),
    ...(parts.length >= ARN_PARTS ? [parts.slice(ARN_PARTS - 1).join(":")] : []),
  ];
}
