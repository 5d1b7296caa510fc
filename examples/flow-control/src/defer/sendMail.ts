import { defer } from "@defer/client";
import type { FunctionConfig } from "epoque/function";

interface FollowUpArguments {
  execution: { id: string; metadata: Record<string, string> };
}

/** Mails a tenant that its import is done. The provider takes four mails a second. */
async function sendMail({ execution }: FollowUpArguments) {
  // A busy provider says when to try again:
  // if (response.status === 429) throw Object.assign(new Error("busy"), { retryAfter: 30 });
  return `to ${execution.metadata["tenant"]}: import ${execution.id} is done`;
}

export default defer(sendMail, { retry: 5 });

export const config: FunctionConfig = { rateLimit: { limit: 4, periodSeconds: 1, per: "mail_provider" } };
