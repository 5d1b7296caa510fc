import type { BulkAction } from "../api/types.ts";

/** Each action as people call it: what a button says, and what a job does. */
export const actionWords: Readonly<Record<BulkAction, { verb: string; name: string }>> = {
  rerun: { verb: "Run again", name: "Re-run" },
  cancel: { verb: "Cancel", name: "Cancellation" },
  reschedule: { verb: "Reschedule", name: "Reschedule" },
};
