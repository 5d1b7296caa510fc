import type { RunningCloud } from "../../../harness/a-cloud.ts";
import { BULK, type ShownJob } from "./check-jobs.ts";
import type { Shown } from "./promises.ts";

/** Notes what user code does in `file`; every key is of one execution. */
export interface Scene {
  running: RunningCloud;
  file: string;
  seed: number;
  /** Whether functions on Fargate are among them. */
  fargate: boolean;
}

/** One execution of the kind that `index` says; its id, or `undefined` if it was never accepted. */
export async function begin(scene: Scene, index: number): Promise<string | undefined> {
  const key = `k${index}`;
  const customer = index % 2 === 0 ? "acme" : "globex";
  const later = (ms: number) => new Date(Date.now() + ms).toISOString();
  const enqueue = (functionName: string, args: unknown[], more: object = {}) =>
    persistently(
      scene,
      "PUT",
      "",
      { function_name: functionName, function_arguments: args, metadata: { key }, ...more },
      `${scene.seed}-${key}`,
    );
  const note = (ms: number, failures: number, more?: object) => enqueue("note", [scene.file, key, ms, failures], more);
  const kinds = [
    () => note(20, 0),
    () => note(20, 0, { schedule_for: later(2_500) }),
    () => note(20, 2),
    () => note(20, 9),
    // Beyond what SQS reaches.
    () => note(20, 0, { schedule_for: later(1_200_000) }),
    () => enqueue("oneByOne", [scene.file, key]),
    () => enqueue("twoAtOnce", [scene.file, key]),
    () => enqueue("parent", [scene.file, key]),
    async () => {
      const id = await note(60_000, 0);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      if (id !== undefined) await persistently(scene, "POST", `/${id}/cancellation`, { force: true });
      return id;
    },
    async () => {
      const id = await note(20, 0, { schedule_for: later(600_000) });
      if (id !== undefined) await persistently(scene, "PATCH", `/${id}/schedule`, { schedule_for: later(1_000) });
      return id;
    },
    async () => {
      const id = await note(20, 0, { schedule_for: later(600_000) });
      if (id !== undefined) await persistently(scene, "POST", `/${id}/cancellation`, {});
      return id;
    },
    () => enqueue("perCustomer", [scene.file, key], { metadata: { key, customer } }),
    () => enqueue("mail", [scene.file, key], { metadata: { key, customer: "acme" } }),
    () => enqueue("followed", [scene.file, key, round % 3], { metadata: { key, file: scene.file } }),
    () => {
      const debounce = { key: "digest", delaySeconds: 2, maxDelaySeconds: 20 };
      // A try whose answer is lost may have made an execution that has begun by the next one, which makes another.
      return persistently(scene, "PUT", "", (tries) => ({
        function_name: "digest",
        function_arguments: [scene.file, `${key}-${tries}`],
        metadata: { key: `${key}-${tries}` },
        debounce,
      }));
    },
    async () => {
      const id = await note(20, 9);
      if (id === undefined) return undefined;
      await hasFailed(scene, id);
      return persistently(scene, "POST", `/${id}/reruns`, (tries) => ({
        arguments: [scene.file, `${key}-again-${tries}`, 20, 0],
        metadata: { key: `${key}-again-${tries}` },
      }));
    },
    () =>
      persistently(scene, "POST", "/batch", (tries) => {
        const item = (own: string) => ({
          ...{ function_name: "note", function_arguments: [scene.file, own, 20, 0], metadata: { key: own, customer } },
        });
        const idempotency_key = `${scene.seed}-${key}-in-batch`;
        const fresh = [0, 1].map((number) => item(`${key}-${tries}-${number}`));
        return { executions: [...fresh, { ...item(`${key}-in-batch`), idempotency_key }] };
      }),
    () => enqueue("unnoted", [true], { metadata: { bulk: "rerun" } }),
    () => enqueue("unnoted", [false], { metadata: { bulk: "cancel" }, schedule_for: later(1_200_000) }),
    () => enqueue("unnoted", [false], { metadata: { bulk: "reschedule" }, schedule_for: later(1_200_000) }),
    // Long before it is due nobody may start it any more.
    () => note(20, 0, { schedule_for: later(900_000), discard_after: later(300_000) }),
  ];
  const round = Math.floor(index / kinds.length);
  if (scene.fargate && index % 4 === 3) return enqueue("onFargate", [scene.file, key, 200, index % 3 === 0 ? 1 : 0]);
  return kinds[index % kinds.length]?.();
}

/**
 * An execution that is postponed by a month just before it is due, and cancelled after its first message has come: that
 * message is stale, and nothing may be left of it.
 */
export async function postpone(scene: Scene, nowMs: number): Promise<string | undefined> {
  const at = (ms: number) => ({ schedule_for: new Date(nowMs + ms).toISOString() });
  const body = { function_name: "postpone", function_arguments: [scene.file, "put-off"], metadata: { key: "put-off" } };
  const id = await persistently(scene, "PUT", "", { ...body, ...at(3_000) }, `${scene.seed}-put-off`);
  await persistently(scene, "PATCH", `/${id}/schedule`, at(30 * 86_400_000));
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  await persistently(scene, "POST", `/${id}/cancellation`, {});
  return id;
}

/** Starts a bulk job of each kind, once: a second one would act on the same executions. */
export async function startJobs({ running }: Scene): Promise<void> {
  const job = (action: ShownJob["action"], more = {}) => {
    const filters = { metadata: [{ key: "bulk", values: [action] }] };
    return running.calls.send("POST", BULK, { action, filters, per_second: 2, ...more }).catch(() => {});
  };
  await Promise.all([job("rerun", { arguments: [false] }), job("cancel"), job("reschedule")]);
}

/** Waits a while for an execution to fail for good: what is lost on the way is recovered later only. */
async function hasFailed({ running }: Scene, id: string): Promise<void> {
  for (let looks = 0; looks < 16; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answer = (await running.calls.send("GET", `/${id}`).catch(() => {})) as { data: Shown } | undefined;
    if (answer?.data.state === "failed") return;
  }
}

/** Tries again while the service says that it is not the caller's fault, as a careful caller does. */
async function persistently(
  { running }: Scene,
  method: string,
  path: string,
  body: object | ((tries: number) => object),
  key?: string,
): Promise<string | undefined> {
  for (let tries = 0; tries < 12; tries++) {
    try {
      const sent = typeof body === "function" ? body(tries) : body;
      const answer = (await running.calls.send(method, path, sent, key)) as { data?: { id: string } };
      return answer.data?.id;
    } catch (error) {
      const status = Number(/: (\d{3}) /.exec(String(error))?.[1] ?? 500);
      if (status < 500) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 100 * (tries + 1)));
    }
  }
  return undefined;
}
