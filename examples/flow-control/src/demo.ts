import { setTimeout as sleep } from "node:timers/promises";
import { assignOptions } from "@defer/client";
import importOrders from "./defer/importOrders.ts";

const { DEFER_ENDPOINT = "http://127.0.0.1:8787", DEFER_TOKEN = "local" } = process.env;

interface Execution {
  id: string;
  state: string;
  started_at?: string;
  finished_at?: string;
  waiting_for?: string;
}

/** Calls the API, for what `@defer/client` does not know. */
async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${DEFER_ENDPOINT}/public/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${DEFER_TOKEN}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: T }).data;
}

/** Reads until `isDone`. */
async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    await sleep(100);
  }
}

const ended = (id: string) =>
  until(
    () => api<Execution>("GET", `/executions/${id}`),
    ({ finished_at }) => finished_at !== undefined,
  );
const resultOf = async (id: string) => {
  await ended(id);
  const response = await fetch(`${DEFER_ENDPOINT}/public/v2/executions/${id}/results`, {
    headers: { authorization: `Bearer ${DEFER_TOKEN}` },
  });
  return response.json();
};
const followUpsOf = (id: string) => api<Execution[]>("GET", `/executions?executed_by=${id}`);
const followUpOf = async (id: string) => {
  const [followUp] = await until(
    () => followUpsOf(id),
    (found) => found.length > 0,
  );
  return followUp?.id ?? "";
};

const startImport = async (tenant: string, orders: number) =>
  (await assignOptions(importOrders, { metadata: { tenant } })(tenant, orders)).id;

// Nobody is mailed for now.
await api("POST", "/functions/sendMail/pause");

// Acme asks for much. Its imports run one by one, and those of others beside them.
const acme = await Promise.all([10, 10, 10].map((orders) => startImport("acme", orders)));
const globex = await startImport("globex", 1);
const initech = await startImport("initech", 1);
for (const id of [globex, initech]) await ended(id);
console.log("globex and initech are done");
for (const id of acme) await ended(id);
console.log("acme is done");

// Follow-ups were made, and are parked: `waiting_for` says why.
const mails = await Promise.all([...acme, globex, initech].map(followUpOf));
await until(
  () => api<Execution>("GET", `/executions/${mails[0]}`),
  // A runner that was busy with mails learns of the pause within ten seconds.
  ({ waiting_for, finished_at }) => waiting_for === "pause" || finished_at !== undefined,
);
console.log("the mails wait for a resume");
await api("POST", "/functions/sendMail/resume");
for (const mail of mails) console.log(await resultOf(mail));

// An import that cannot succeed is not retried; support is told.
const failed = await startImport("unknown", 1);
console.log(await resultOf(await followUpOf(failed)));

// Ten calls, one report.
const reports = [];
for (let orders = 1; orders <= 10; orders++) {
  const debounce = { key: "daily", delaySeconds: 1, maxDelaySeconds: 30 };
  const body = { function_name: "report", function_arguments: [orders], debounce };
  reports.push((await api<Execution>("PUT", "/executions", body)).id);
}
console.log(`${new Set(reports).size} report: ${await resultOf(reports[0] ?? "")}`);
