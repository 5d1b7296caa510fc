import type { Client, FailureGroup } from "../../../client/client.ts";
import type { Verb } from "../../invocation/context.ts";
import { findFingerprint, SHORT_FINGERPRINT } from "../../invocation/find-fingerprint.ts";
import { printableLine } from "../../terminal/printable.ts";

/** Makes a verb that sets the state of each kind of failure that is named. */
export function eachKind(
  set: (failures: Client["failures"], fingerprint: string) => Promise<FailureGroup>,
): Verb<unknown> {
  return async (context, texts) => {
    const client = context.client();
    for (const text of texts) {
      const group = await set(client.failures, await findFingerprint(client, text));
      const { fingerprint, state, error_name: name, message } = group;
      context.show(group, () => {
        return `${fingerprint.slice(0, SHORT_FINGERPRINT)}  ${state}  ${printableLine(`${name}: ${message}`)}`;
      });
    }
  };
}
