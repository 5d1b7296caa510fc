import { EpoqueError } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import type { Finding } from "./finding.ts";

/** Checks that the token is one of the deployment's. */
export async function checkToken({ client }: Context): Promise<Finding[]> {
  try {
    await client().executions.page({ first: 1 });
    return [{ what: "token", state: "good", message: "the deployment knows it" }];
  } catch (error) {
    if (!(error instanceof EpoqueError)) throw error;
    if (error.code === "unreachable") return [{ what: "token", state: "skipped", message: "there is nobody to ask" }];
    if (error.code === "forbidden") return [{ what: "token", state: "doubtful", message: error.message }];
    const advice = error.code === "unauthorized" ? "set DEFER_TOKEN to a token of this deployment" : error.message;
    return [{ what: "token", state: "bad", message: advice }];
  }
}
