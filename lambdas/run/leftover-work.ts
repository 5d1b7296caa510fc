import type { Worker } from "node:worker_threads";

/** Connections: what pools keep open from one attempt to the next. */
const CONNECTIONS = new Set(["TCPSocketWrap", "TLSWrap", "PipeWrap", "UDPWrap"]);

const workers = new Set<Worker>();

/** Begins to count worker threads: Node does not list them with what keeps a process alive. */
export function trackWorkers(): void {
  process.on("worker", (worker) => {
    workers.add(worker);
    worker.once("exit", () => workers.delete(worker));
  });
}

/**
 * The work that is going on in the process when this is called; returns a function that names work that has been left
 * running since, if there is any.
 *
 * A pool that holds connections has timers for them. They go with the connections, and cannot be told from others.
 */
export function workInProgress(connectionsOfOurs: number): () => string | undefined {
  const before = countResources();
  const workersBefore = new Set(workers);
  return () => {
    if ([...workers].some((worker) => !workersBefore.has(worker))) return "a worker thread was left running";
    const now = countResources();
    const connections = [...now].reduce((sum, [type, count]) => sum + (CONNECTIONS.has(type) ? count : 0), 0);
    const hasPool = connections > connectionsOfOurs;
    for (const [type, count] of now) {
      if (count <= (before.get(type) ?? 0) || CONNECTIONS.has(type)) continue;
      if (type === "Timeout" && hasPool) continue;
      return type === "Timeout" ? "a timer was left running" : `work was left running (${type})`;
    }
    return undefined;
  };
}

/** Counts the connections that are open now. */
export function countConnections(): number {
  return process.getActiveResourcesInfo().filter((type) => CONNECTIONS.has(type)).length;
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
