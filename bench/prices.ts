/** A price in us-east-1, without the free tier. `source`: the section of docs/aws-limits.md, or the page it is taken from. */
interface Price {
  dollars: number;
  /** For so many of `unit`. */
  per: number;
  unit: string;
  source: string;
}

const MILLION = 1_000_000;

/** All prices that the cost table is made with. */
const prices = {
  writeUnits: { dollars: 0.625, per: MILLION, unit: "write units", source: "4. DynamoDB, on demand" },
  readUnits: { dollars: 0.125, per: MILLION, unit: "read units", source: "4. DynamoDB, on demand" },
  sqsRequests: { dollars: 0.4, per: MILLION, unit: "SQS requests, standard queue", source: "2. SQS" },
  schedulerInvocations: { dollars: 1, per: MILLION, unit: "Scheduler invocations", source: "1. EventBridge Scheduler" },
  s3Puts: { dollars: 0.005, per: 1_000, unit: "S3 PUT requests", source: "6. S3 (from memory)" },
  s3Gets: { dollars: 0.0004, per: 1_000, unit: "S3 GET requests", source: "6. S3 (from memory)" },
  lambdaRequests: { dollars: 0.2, per: MILLION, unit: "Lambda requests", source: "3. Lambda" },
  lambdaGigabyteSeconds: { dollars: 0.000_013_333_4, per: 1, unit: "Lambda GB-seconds, arm64", source: "3. Lambda" },
  apiRequests: { dollars: 1, per: MILLION, unit: "HTTP API requests", source: "5. HTTP API" },
  fargateProcessorHours: {
    dollars: 0.03238,
    per: 1,
    unit: "Fargate vCPU-hours, arm64",
    source: "AWS Fargate pricing (unverified)",
  },
  fargateGigabyteHours: {
    dollars: 0.00356,
    per: 1,
    unit: "Fargate GB-hours, arm64",
    source: "AWS Fargate pricing (unverified)",
  },
  publicAddressHours: {
    dollars: 0.005,
    per: 1,
    unit: "public IPv4 addresses, an hour",
    source: "Amazon VPC pricing (unverified)",
  },
  logGigabytes: { dollars: 0.5, per: 1, unit: "GB of logs written", source: "8. Observability" },
  secretMonths: { dollars: 0.4, per: 1, unit: "secrets, a month", source: "7. Secrets" },
  secretCalls: { dollars: 0.05, per: 10_000, unit: "calls of Secrets Manager", source: "7. Secrets" },
  traces: { dollars: 5, per: MILLION, unit: "X-Ray traces", source: "AWS X-Ray pricing" },
  alarmMonths: { dollars: 0.1, per: 1, unit: "metrics of alarms, a month", source: "8. Observability (unverified)" },
  dashboardMonths: { dollars: 3, per: 1, unit: "dashboards, a month", source: "8. Observability" },
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
