"use server";
import { reRunExecution } from "@defer/client";

// The announcement's code, as it stands there.
export async function rerunUserDocumentProcessing(executionID: string) {
  await reRunExecution(executionID);
  return;
}
