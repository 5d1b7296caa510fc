import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";

// This, epoque.ts and the errors are all that the package shows of its types: they import nothing else of ours.

/**
 * A secret in AWS Secrets Manager, by reference: its value is read when a function runs, and is never in the template.
 *
 * - an `ISecret`, or with `field` one field of a secret whose value is a JSON object;
 * - a text: the secret's complete ARN or its name, and behind a `:` the field.
 */
export type SecretReference = ISecret | { readonly secret: ISecret; readonly field: string } | string;

/** Options for all functions, or for a single one. */
export interface FunctionOptions {
  /**
   * Memory of the Lambda, in MB: 256 or more. The function's heap may have 256 MB less, but at least 64; the share of a
   * processor grows with it.
   *
   * @default 1024
   */
  readonly memorySize?: number;

  /**
   * Environment variables of the function. They can be read in the template and in the AWS console: what nobody may
   * read belongs in `secrets`. Lambda takes 4 KB in all, of which some 3 KB are left for these and `secrets`.
   *
   * @default - what Lambda gives every function, `DEFER_TOKEN`, `DEFER_ENDPOINT`, and `TZ=UTC`
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Environment variables whose values are secrets, by the variable's name. The function finds the current value; one
   * that is rotated reaches it within five minutes, in a new process.
   *
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, SecretReference>>;

  /**
   * The VPC that the function runs in. It must reach DynamoDB, S3, SQS, EventBridge Scheduler, Secrets Manager and the
   * API from there: by a NAT gateway, or by endpoints.
   *
   * @default - none
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the function in the VPC.
   *
   * @default - one of its own
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** A name of one's own for the API. */
export interface DomainOptions {
  /** Domain name, such as `jobs.example.com`. Its DNS record is yours to make: see `Epoque.domainName`. */
  readonly name: string;
  /** Certificate for that name, in the region of the stack. */
  readonly certificate: ICertificate;
}

/** How many requests the API takes; what is too much is answered with 429 and reaches no Lambda. */
export interface ThrottlingOptions {
  /** On average. */
  readonly requestsPerSecond: number;
  /**
   * At once, after a time with fewer requests.
   *
   * @default - as many as `requestsPerSecond`
   */
  readonly burst?: number;
}

/**
 * Concurrency of the account that nobody but this Lambda can use, and the most of it that runs at once. Lambda leaves
 * at least 100 unreserved.
 */
export interface ReservedConcurrency {
  /** Reserved concurrency of the API. */
  readonly api?: number;
  /** Reserved concurrency of the Lambda that sends on due executions. */
  readonly fire?: number;
  /** Reserved concurrency of the sweep: 1 is enough. */
  readonly sweep?: number;
  /** Reserved concurrency of the Lambda that works through bulk jobs. */
  readonly bulk?: number;
}

/** Properties of an Epoque. */
export interface EpoqueProps extends FunctionOptions {
  /** The folder of the functions, absolute or from the folder that `cdk` runs in. */
  readonly functions: string;

  /**
   * Prefix of the names of all parts in AWS; changing it replaces queues, functions and API. The longest is
   * `<name>-fn-<function>`, for which Lambda takes 64 characters.
   *
   * @default - the stack's name and this construct's id, `MyStack-Jobs`
   */
  readonly name?: string;

  /**
   * For how many days executions can be looked up after their end, with their arguments, results and logs; then they
   * are deleted.
   *
   * @default 30
   */
  readonly retentionDays?: number;

  /**
   * How many partitions each index key of the executions is spread over, 4 to 64. DynamoDB takes 1,000 writes a second
   * for each; 64 are for 10,000 executions a second. A page of a list reads more partitions then.
   * It may grow at any time and must never shrink: executions in the shards that go would not be found.
   *
   * @default 4
   */
  readonly shards?: number;

  /**
   * Options of single functions, by the function's name. `environment` and `secrets` are added to those of
   * all.
   *
   * @default - nothing
   */
  readonly overrides?: Readonly<Record<string, FunctionOptions>>;

  /**
   * A domain of one's own for the API, instead of the one that API Gateway gives.
   *
   * @default - none
   */
  readonly domain?: DomainOptions;

  /**
   * Whether every state change of every execution is published on an EventBridge bus: see `Epoque.eventBus`, and
   * docs/operations.md for what an event says.
   *
   * @default false
   */
  readonly events?: boolean;

  /**
   * A limit for the API as a whole: for a token that has leaked, or a loop in a caller.
   *
   * @default - what the account has for all its APIs in the region, 10,000 requests a second
   */
  readonly throttling?: ThrottlingOptions;

  /**
   * Keeps busy functions from taking the concurrency that Epoque itself needs.
   *
   * @default - none: all share that of the account
   */
  readonly reservedConcurrency?: ReservedConcurrency;

  /**
   * Whether AWS X-Ray traces the Lambdas. It costs $5 for a million traces.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * Whether the API serves the console, under `/console`.
   *
   * @default true
   */
  readonly console?: boolean;

  /**
   * Reach of a function's own token (its `DEFER_TOKEN`). `tree`: it enqueues, and reads and changes what was begun
   * by the same execution as itself. `full`: every execution, which functions need that look up or cancel executions
   * by an id from elsewhere, such as a database.
   *
   * @default "tree"
   */
  readonly executionTokens?: "tree" | "full";

  /**
   * Whether callers with credentials of AWS may sign their requests (Signature Version 4) instead of sending a token:
   * below `<endpoint>/iam`, by whoever may `execute-api:Invoke` there.
   *
   * @default false
   */
  readonly iamAuth?: boolean;

  /**
   * Address for a mail when an alarm rings.
   *
   * @default - nobody
   */
  readonly alarmEmail?: string;
}
