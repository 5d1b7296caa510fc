import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readyEnvironment, startDev } from "../support/dev-process.ts";
import { pythonPrograms } from "./python.ts";

// npm run test:openapi: schemathesis sends requests that openapi.json allows, and others, to npm start, and compares
// every answer with the contract. All its checks are on, but for the exceptions in schemathesis.toml. It takes further
// options, for example `-- --include-path /public/v2/bulk`.

/** Arbitrary requests per operation, beside those of the coverage phase. */
const MAX_EXAMPLES = 15;

/** How long npm start may take, on a machine that is busy. */
const READY_MS = 120_000;

interface Parameter {
  name: string;
  in: string;
  schema: object;
}
interface Contract {
  paths: Record<string, Record<string, { parameters?: Parameter[]; requestBody?: object }>>;
}

const FUNCTION = { enum: ["importContacts", "welcomeContact"] };

/** Values of fields, by their names. */
const KNOWN: Record<string, object> = {
  function_name: FUNCTION,
  functions: { type: "array", items: FUNCTION, minItems: 1, maxItems: 100 },
  cron: { enum: ["@hourly", "0 9 * * MON-FRI", "30 0 9 * * *"] },
  timezone: { enum: ["UTC", "Europe/Paris"] },
  starts_at: { enum: ["2026-01-01T00:00:00Z"] },
  ends_at: { enum: ["2099-01-01T00:00:00Z"] },
  expires_at: { enum: ["2099-01-01T00:00:00Z"] },
  // No less than the delay.
  maxDelaySeconds: { enum: [31_536_000] },
};

const python = pythonPrograms("contract");
if ("missing" in python) {
  console.log(`SKIPPED  schemathesis on openapi.json: ${python.missing}`);
  process.exit(0);
}
const directory = mkdtempSync(join(tmpdir(), "epoque-contract-"));
const dev = startDev(["--functions", "defer"]);
try {
  await dev.waitFor(/^ready/m, READY_MS);
  const { DEFER_ENDPOINT: endpoint, DEFER_TOKEN: token } = await readyEnvironment(dev);
  const authorization = `Authorization: Bearer ${token}`;
  const file = join(directory, "openapi.json");
  writeFileSync(file, JSON.stringify(await withKnownValues(endpoint, token)));
  // Not synchronously: the output of npm start must be read meanwhile.
  const run = spawn(
    join(python.directory, "schemathesis"),
    [
      ...["--config-file", fileURLToPath(new URL("schemathesis.toml", import.meta.url))],
      ...["run", file, "--url", endpoint, "--header", authorization, "--phases", "coverage,fuzzing"],
      ...["--continue-on-failure", "--generation-deterministic", "--max-examples", String(MAX_EXAMPLES)],
      ...["--request-timeout", "35", "--warnings", "off"],
      ...process.argv.slice(2),
    ],
    { cwd: directory, stdio: "inherit" },
  );
  const [status] = (await once(run, "exit")) as [number | null];
  console.log(`${status === 0 ? "PASSED " : "FAILED "} schemathesis on openapi.json`);
  process.exitCode = status === 0 ? 0 : 1;
} finally {
  await dev.stop();
  rmSync(directory, { recursive: true });
}

/**
 * Returns the contract with values that only a running service knows, and with those that JSON Schema has no words for:
 * deployed functions, ids, cursors of the very list, cron expressions, time zones. They stand in requests alone. Pages
 * run forwards, and no header has an idempotency key where a body may be debounced, since OpenAPI cannot say that
 * `first` excludes `last` in a query string, nor that a header excludes a field.
 */
async function withKnownValues(endpoint: string, token: string): Promise<Contract> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as { data: { id: string }; page_info?: { end_cursor?: string } };
  };
  const execution = await send("PUT", "/public/v2/executions", { function_name: "importContacts" });
  const filters = { rerun_of: execution.data.id };
  const job = await send("POST", "/public/v2/bulk", { action: "cancel", filters });
  await send("PUT", "/public/v2/schedules/known", { function_name: "importContacts", cron: "@daily" });

  const contract = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf-8")) as Contract;
  for (const [template, operations] of Object.entries(contract.paths)) {
    const id = template.includes("/bulk/") ? job.data.id : execution.data.id;
    // A log has an `after` too, which is a number.
    const hasPages = operations["get"]?.parameters?.some(({ name }) => name === "before") === true;
    const page = hasPages ? await send("GET", template.replace("{id}", id)) : undefined;
    const cursor = { enum: [page?.page_info?.end_cursor] };
    const known: Record<string, object> = {
      ...KNOWN,
      id: { enum: [id] },
      ...(hasPages && { after: cursor, before: cursor }),
      ...(/\/(functions\/|v1\/enqueue)/.test(template) && { name: FUNCTION }),
    };
    for (const operation of Object.values(operations)) {
      const isDebounced = JSON.stringify(operation.requestBody)?.includes('"debounce"');
      operation.parameters = (operation.parameters ?? [])
        .filter(({ name, in: place }) => place !== "query" || (name !== "last" && name !== "before"))
        .filter(({ name }) => name !== "Idempotency-Key" || !isDebounced)
        .map((parameter) => ({ ...parameter, schema: known[parameter.name] ?? parameter.schema }));
      const body = JSON.stringify(operation.requestBody);
      if (body === undefined) continue;
      operation.requestBody = JSON.parse(body, (key, value: unknown) =>
        isSchema(value) && known[key] !== undefined ? known[key] : value,
      ) as object;
    }
  }
  return contract;
}

function isSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value;
}
