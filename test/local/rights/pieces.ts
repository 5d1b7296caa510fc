import { type AttachedPolicy, attachPolicy } from "../../../local/gateway/policy/attached-policy.ts";

interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
}

/** A removable piece of a policy: a statement, one of its actions, or one of its resources. */
export interface Piece {
  policy: AttachedPolicy;
  /** Name for messages of failing tests. */
  name: string;
  effect: Statement["Effect"];
  actions: string[];
  /** The policy without the piece. */
  without: AttachedPolicy;
}

/** Returns all pieces of a policy: each statement, and each action and resource where there are several. */
export function piecesOf(policy: AttachedPolicy): Piece[] {
  const document = policy.document as { Statement: Statement | Statement[] };
  const statements = [document.Statement].flat();
  return statements.flatMap((statement, index) => {
    const { Effect: effect } = statement;
    const replacedBy = (...changed: Statement[]) =>
      attachPolicy({ ...policy, document: { ...document, Statement: statements.toSpliced(index, 1, ...changed) } });
    const at = `${policy.attachedTo.split(":").at(-1)} ${policy.name} [${index}]`;
    const parts = (["Action", "Resource"] as const).flatMap((element) => {
      const values = [statement[element] ?? []].flat();
      return values.length < 2
        ? []
        : values.map((value) => ({
            policy,
            name: `${at}: ${element} ${value}`,
            effect,
            actions: element === "Action" ? [value] : [statement.Action].flat(),
            without: replacedBy({ ...statement, [element]: values.filter((other) => other !== value) }),
          }));
    });
    const actions = [statement.Action].flat();
    return [{ policy, name: `${at}: all of ${actions.join(", ")}`, effect, actions, without: replacedBy() }, ...parts];
  });
}
