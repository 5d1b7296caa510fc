import { getExecution, getExecutionResult, listExecutionAttempts, listExecutions } from "@defer/client";
import { currentUserId } from "./currentUser";
import { deferErrorKind } from "./deferError";

type Execution = Awaited<ReturnType<typeof getExecution>>;
/** State of an execution. */
export type State = Execution["state"];

/** Number of imports on a page. */
const PAGE_SIZE = 5;

/** One run of a function: an import, an attempt of it, or a welcome that it sent. */
export interface Run {
  id: string;
  state: State;
  createdAt: string;
  scheduledAt: string;
}

/** A page of the user's imports, newest first. */
export interface ImportPage {
  imports: Run[];
  /** Cursor of the page after this one, absent on the last. */
  nextCursor?: string | undefined;
}

/** Lists the imports of the user, from behind `cursor` on. */
export async function listImports(cursor?: string): Promise<ImportPage> {
  const { data, pageInfo } = await listExecutions(
    { first: PAGE_SIZE, ...(cursor ? { after: cursor } : {}) },
    {
      metadata: [
        { key: "type", values: ["contact-import"] },
        { key: "user_id", values: [await currentUserId()] },
      ],
    },
  );
  return { imports: data.map(toRun), nextCursor: pageInfo.hasNextPage ? pageInfo.endCursor : undefined };
}

/** An import with all that became of it. */
export interface ImportDetails extends Run {
  /** Contacts that were imported, once it has succeeded. */
  imported?: number;
  /** Oldest first. */
  attempts: (Run & { error?: string })[];
  welcomes: Run[];
}

/** Finds an import of the user, or `undefined`. */
export async function findImport(id: string): Promise<ImportDetails | undefined> {
  try {
    const [execution, attempts, welcomes] = await Promise.all([
      getExecution(id),
      listExecutionAttempts(id),
      listExecutions({ first: 20 }, { executedBy: id }),
    ]);
    return {
      ...toRun(execution),
      ...(execution.state === "succeed" ? await getExecutionResult<{ imported: number }>(id) : {}),
      attempts: await Promise.all(attempts.data.reverse().map(withError)),
      welcomes: welcomes.data.map(toRun),
    };
  } catch (error) {
    if (deferErrorKind(error) === "ExecutionNotFound") return undefined;
    throw error;
  }
}

async function withError(attempt: Execution): Promise<Run & { error?: string }> {
  if (attempt.state !== "failed") return toRun(attempt);
  const { message } = await getExecutionResult<{ message: string }>(attempt.id);
  return { ...toRun(attempt), error: message };
}

function toRun({ id, state, createdAt, scheduledAt }: Execution): Run {
  return { id, state, createdAt: createdAt.toISOString(), scheduledAt: scheduledAt.toISOString() };
}
