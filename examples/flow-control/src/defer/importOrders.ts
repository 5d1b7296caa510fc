import { setTimeout as sleep } from "node:timers/promises";
import { defer } from "@defer/client";
import type { FunctionConfig } from "epoque/function";

const tenants = ["acme", "globex", "initech"];

/** Imports the orders of a tenant, which takes a while for each. */
async function importOrders(tenant: string, orders: number) {
  // No other attempt would find it.
  if (!tenants.includes(tenant)) throw Object.assign(new Error(`no tenant ${tenant}`), { retryable: false });
  await sleep(orders * 100);
  return { tenant, orders };
}

export default defer(importOrders, { retry: 3 });

export const config: FunctionConfig = {
  concurrency: { per: "tenant", limit: 1 },
  onSuccess: "sendMail",
  onFailure: "notifySupport",
};
