import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readyEnvironment, startDev } from "../support/dev-process.ts";
import { pythonPrograms } from "./python.ts";

// npm run test:contract: schemathesis sends requests that openapi.json allows, and others, to npm start, and compares every
// answer with the contract. All its checks are on.

/** Bounds of the run: generated requests per operation, and seconds in all. */
const [MAX_EXAMPLES, MAX_SECONDS] = [15, 240];

/** How long npm start may take, on a machine that is busy. */
const READY_MS = 120_000;

interface Parameter {
  name: string;
  in: string;
  schema: object;
}
interface Contract {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
}

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
      ...["run", file, "--url", endpoint, "--header", authorization, "--checks", "all", "--phases", "coverage,fuzzing"],
      ...["--continue-on-failure", "--generation-deterministic", "--max-examples", String(MAX_EXAMPLES)],
      ...["--max-time", String(MAX_SECONDS), "--request-timeout", "35", "--warnings", "off"],
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
 * Returns the contract with values that only a running service knows: its functions, one execution, one cursor. Pages run
 * forwards, since OpenAPI cannot say that `first` excludes `last` in a query string.
 */
async function withKnownValues(endpoint: string, token: string): Promise<Contract> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ function_name: "importContacts", function_arguments: [""] });
  const url = `${endpoint}/public/v2/executions`;
  const created = (await (await fetch(url, { method: "PUT", headers, body })).json()) as { data: { id: string } };
  const page = (await (await fetch(url, { headers })).json()) as { page_info: { end_cursor: string } };
  const known: Record<string, object> = {
    function_name: { enum: ["importContacts", "welcomeContact"] },
    after: { enum: [page.page_info.end_cursor] },
    before: { enum: [page.page_info.end_cursor] },
    id: { enum: [created.data.id] },
  };
  const source = readFileSync(fileURLToPath(new URL("../../openapi.json", import.meta.url)), "utf-8");
  const contract = JSON.parse(source, (key, value: unknown) => {
    if (isSchemaOf(key, value, "function_name") || (key === "name" && isTextSchema(value)))
      return known["function_name"];
    if (isSchemaOf(key, value, "after") || isSchemaOf(key, value, "before")) return known[key];
    return value;
  }) as Contract;
  for (const operations of Object.values(contract.paths)) {
    for (const operation of Object.values(operations)) {
      if (operation.parameters === undefined) continue;
      operation.parameters = operation.parameters
        .filter(({ name, in: place }) => place !== "query" || (name !== "last" && name !== "before"))
        .map((parameter) => ({ ...parameter, schema: known[parameter.name] ?? parameter.schema }));
    }
  }
  return contract;
}

function isSchemaOf(key: string, value: unknown, name: string): boolean {
  return key === name && isTextSchema(value);
}

function isTextSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as { type?: string }).type === "string";
}
