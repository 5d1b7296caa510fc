import { defer } from "@defer/client";

interface FollowUpArguments {
  execution: { id: string; function_name: string };
  error?: { name: string; message: string };
}

/** Tells support of an import that has failed. */
async function notifySupport({ execution, error }: FollowUpArguments) {
  return `${execution.function_name} ${execution.id} failed: ${error?.message ?? "it never started"}`;
}

export default defer(notifySupport);
