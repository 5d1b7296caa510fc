import { defer } from "@defer/client";

/** Reports the orders that there are. It is debounced by its callers. */
async function report(orders: number) {
  return `${orders} orders`;
}

export default defer(report);
