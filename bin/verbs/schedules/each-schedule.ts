import type { Client } from "../../../client/client.ts";
import type { Verb } from "../../invocation/context.ts";
import { printableLine } from "../../terminal/printable.ts";

/** Makes a verb that does something to each schedule that is named, and describes what has become of it. */
export function eachSchedule<Answer>(
  act: (schedules: Client["schedules"], name: string) => Promise<Answer>,
  describe: (answer: Answer) => string,
): Verb<unknown> {
  return async (context, names) => {
    const { schedules } = context.client();
    for (const name of names) {
      const answer = await act(schedules, name);
      context.show(answer, () => `${printableLine(name)}  ${printableLine(describe(answer))}`);
    }
  };
}
