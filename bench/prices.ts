/** A price in us-east-1, without the free tier. */
interface Price {
  dollars: number;
  /** For so many of `unit`. */
  per: number;
  unit: string;
}

const MILLION = 1_000_000;

/** All prices that the cost table is made with. docs/aws-limits.md, "Prices", has the page that each is from. */
export const prices = {
  writeUnits: { dollars: 0.625, per: MILLION, unit: "DynamoDB write units" },
  readUnits: { dollars: 0.125, per: MILLION, unit: "DynamoDB read units" },
  sqsRequests: { dollars: 0.4, per: MILLION, unit: "SQS requests, standard queue" },
  schedulerInvocations: { dollars: 1, per: MILLION, unit: "EventBridge Scheduler invocations" },
  s3Puts: { dollars: 0.005, per: 1_000, unit: "S3 PUT requests" },
  s3Gets: { dollars: 0.0004, per: 1_000, unit: "S3 GET requests" },
  lambdaRequests: { dollars: 0.2, per: MILLION, unit: "Lambda requests" },
  lambdaGigabyteSeconds: { dollars: 0.000_013_333_4, per: 1, unit: "Lambda GB-seconds, arm64" },
  apiRequests: { dollars: 1, per: MILLION, unit: "HTTP API requests" },
  fargateProcessorHours: { dollars: 0.03238, per: 1, unit: "Fargate vCPU-hours, arm64" },
  fargateGigabyteHours: { dollars: 0.00356, per: 1, unit: "Fargate GB-hours, arm64" },
  publicAddressHours: { dollars: 0.005, per: 1, unit: "public IPv4 address, an hour" },
  logGigabytes: { dollars: 0.5, per: 1, unit: "GB of logs written" },
  secretMonths: { dollars: 0.4, per: 1, unit: "secrets, a month" },
  secretCalls: { dollars: 0.05, per: 10_000, unit: "calls of Secrets Manager" },
  traces: { dollars: 5, per: MILLION, unit: "X-Ray traces" },
  alarmMonths: { dollars: 0.1, per: 1, unit: "metrics of alarms, a month" },
  dashboardMonths: { dollars: 3, per: 1, unit: "dashboards, a month" },
} as const satisfies Record<string, Price>;

export type Priced = keyof typeof prices;

/** How much of what is priced was used. What is absent is zero. */
export type Usage = Partial<Record<Priced, number>>;

/** Returns the price of each kind of use, in dollars. */
export function dollarsByKind(usage: Usage): Partial<Record<Priced, number>> {
  const kinds = Object.entries(usage) as [Priced, number][];
  return Object.fromEntries(kinds.map(([kind, amount]) => [kind, (amount / prices[kind].per) * prices[kind].dollars]));
}

/** Returns the total price, in dollars. */
export function dollars(usage: Usage): number {
  return Object.values(dollarsByKind(usage)).reduce((sum, each) => sum + each, 0);
}
