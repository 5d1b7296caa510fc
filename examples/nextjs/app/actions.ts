"use server";

import { assignOptions, cancelExecution, reRunExecution, rescheduleExecution } from "@defer/client";
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import importContacts from "@/defer/importContacts";
import { currentUserId } from "@/lib/currentUser";
import { type DeferErrorKind, deferErrorKind } from "@/lib/deferError";

/** Outcome of an action, for the form that called it. A thrown error would reach the page without its message. */
export interface ActionResult {
  error?: string;
}

const DELAYS = { now: undefined, "in-an-hour": "1 hour", tomorrow: "1 day" } as const;

/** Enqueues an import of the contacts in the form, and shows it. */
export async function startImport(_: ActionResult, form: FormData): Promise<ActionResult> {
  const delay = DELAYS[String(form.get("when")) as keyof typeof DELAYS];
  const importLater = assignOptions(importContacts, {
    metadata: { type: "contact-import", user_id: await currentUserId() },
    ...(delay ? { delay } : {}),
  });
  return show(() => importLater(String(form.get("contacts"))));
}

/** Runs the same import once more, as a new one, and shows it. */
export async function rerunImport(id: string): Promise<ActionResult> {
  return show(() => reRunExecution(id));
}

/** Cancels an import that has not started. */
export async function cancelImport(id: string): Promise<ActionResult> {
  return change(() => cancelExecution(id));
}

/** Starts a waiting import at once. */
export async function runImportNow(id: string): Promise<ActionResult> {
  return change(() => rescheduleExecution(id));
}

/** Moves a waiting import to an hour from now. */
export async function postponeImport(id: string): Promise<ActionResult> {
  return change(() => rescheduleExecution(id, "1 hour"));
}

/** Shows the import that `enqueue` makes. */
async function show(enqueue: () => Promise<{ id: string }>): Promise<ActionResult> {
  let id: string;
  try {
    ({ id } = await enqueue());
  } catch (error) {
    return { error: explain(error) };
  }
  redirect(`/imports/${id}`);
}

/** Does `work` and renders the pages anew. */
async function change(work: () => Promise<unknown>): Promise<ActionResult> {
  try {
    await work();
  } catch (error) {
    return { error: explain(error) };
  }
  revalidatePath("/", "layout");
  return {};
}

const TOO_LATE = "Too late: this import has already started.";
const EXPLANATIONS: Partial<Record<DeferErrorKind, string>> = {
  ExecutionNotFound: "This import does not exist any more.",
  ExecutionNotCancellable: TOO_LATE,
  ExecutionNotReschedulable: TOO_LATE,
  ClientError: "The service for background work cannot be reached. Is Epoque running?",
};

function explain(error: unknown): string {
  const kind = deferErrorKind(error);
  return (kind && EXPLANATIONS[kind]) ?? (error instanceof Error ? error.message : String(error));
}
