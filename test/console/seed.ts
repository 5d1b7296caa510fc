/** An API to seed, by its address and token. */
export interface Target {
  DEFER_ENDPOINT: string;
  DEFER_TOKEN: string;
}

/** Enqueues executions, a hundred in a request. Returns their ids in order. */
export async function enqueueMany(target: Target, bodies: readonly object[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < bodies.length; from += 100) {
    const answer = await call(target, "POST", "/public/v2/executions/batch", {
      executions: bodies.slice(from, from + 100),
    });
    const { data } = answer as { data: ({ execution: { id: string } } | { error: unknown })[] };
    for (const item of data) {
      if (!("execution" in item)) throw new Error(JSON.stringify(item));
      ids.push(item.execution.id);
    }
  }
  return ids;
}

/** Calls the API. @throws Error with its answer if that is none of success */
export async function call(target: Target, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${target.DEFER_ENDPOINT}${path}`, {
    method,
    headers: { authorization: `Bearer ${target.DEFER_TOKEN}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The newest execution of a function. */
export async function newestIdOf(target: Target, functionName: string): Promise<string> {
  const { data: deployed } = (await call(target, "GET", `/public/v2/functions/${functionName}`)) as {
    data: { id: string };
  };
  const path = `/public/v2/executions?first=1&function_ids=${deployed.id}`;
  const { data } = (await call(target, "GET", path)) as { data: { id: string }[] };
  return data[0]?.id ?? "";
}

const customers = ["acme", "globex", "initech", "umbrella", "hooli"];

/** A morning of a small shop: invoices, of which one customer's fail, imports, a long report, schedules. */
export function aMorning(invoices: number): object[] {
  const customerOf = (index: number) => customers[index % customers.length] ?? "";
  return [
    ...Array.from({ length: invoices }, (_, index) => ({
      function_name: "sendInvoice",
      function_arguments: [{ number: 4700 + index, customer: customerOf(index), total: `${90 + index}.00 EUR` }],
      metadata: { customer: customerOf(index), region: index % 2 === 0 ? "eu" : "us" },
    })),
    ...["globex", "initech"].map((customer) => ({
      function_name: "importContacts",
      function_arguments: [["ada@example.com", "alan@example.com", "grace@example.com"], customer],
      metadata: { customer },
    })),
    { function_name: "syncInventory", function_arguments: ["rotterdam"], metadata: { warehouse: "rotterdam" } },
    { function_name: "chargeCard", function_arguments: [{ id: 901 }], metadata: { customer: "hooli" } },
    { function_name: "chargeCard", function_arguments: [{ id: 902, card: { last4: "4242" } }] },
    { function_name: "renderReport", function_arguments: [400, 500], metadata: { month: "2026-11" } },
    {
      function_name: "sendWelcome",
      function_arguments: ["later@example.com"],
      schedule_for: new Date(Date.now() + 3 * 3_600_000).toISOString(),
    },
  ];
}
