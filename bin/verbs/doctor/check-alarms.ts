import { EpoqueError } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import type { Finding } from "./finding.ts";

/** Checks which alarms of the deployment ring. */
export async function checkAlarms({ client }: Context): Promise<Finding[]> {
  const what = "alarms";
  try {
    const ringing = await client().alarms();
    if (ringing.length === 0) return [{ what, state: "good", message: "none rings" }];
    return ringing.map(({ name, reason, next_step: next }) => ({
      what,
      state: "doubtful",
      message: `${name}: ${reason} ${next}`,
    }));
  } catch (error) {
    // The endpoint and the token have been told of already.
    if (!(error instanceof EpoqueError)) throw error;
    return [{ what, state: "skipped", message: error.message }];
  }
}
