import type { RunningCloud } from "../../../harness/a-cloud.ts";

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
    () => enqueue("followed", [scene.file, key, index % 3], { metadata: { key, file: scene.file } }),
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
    // Long before it is due nobody may start it any more.
    () => note(20, 0, { schedule_for: later(900_000), discard_after: later(300_000) }),
  ];
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

/** As a careful caller does: tries again while the service says that it is not its fault. */
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
