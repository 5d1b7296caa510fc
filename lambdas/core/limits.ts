/** Lambda ends a function after this many seconds at the latest. Source: Lambda CreateFunction, Timeout. */
export const LAMBDA_TIMEOUT_SECONDS = 900;

/** Time that the runner keeps, after the user's code has ended or was stopped, for storing the outcome. */
export const RUNNER_RESERVE_SECONDS = 15;

/** How long a function's module may take to load, before `maxDuration` begins. */
export const MAX_LOAD_SECONDS = 45;

/** The longest `maxDuration` of a function on Lambda, and the default of every function. */
export const MAX_LAMBDA_SECONDS = LAMBDA_TIMEOUT_SECONDS - RUNNER_RESERVE_SECONDS;

/** The longest `maxDuration` of a function on Fargate: a day. */
export const MAX_FARGATE_SECONDS = 86_400;

/** How many tasks of a function on Fargate run at once, unless it sets its `concurrency`. */
export const DEFAULT_TASKS = 10;

/** The longest wait before a retry: a year. */
export const MAX_RETRY_SECONDS = 31_536_000;

/** A worker that has not been heard of for so long is taken for dead. It says that it lives three times as often. */
export const LEASE_MS = 45_000;

/** A task may take this long from its launch to its claim: it gets a machine and loads an image first. */
export const LAUNCH_MS = 600_000;

/** The last moment that a date and time with a year of four digits can say. */
export const LAST_MOMENT_MS = 253_402_300_799_999;

/** And the first one: 0001-01-01. */
export const FIRST_MOMENT_MS = -62_135_596_800_000;

/** SQS holds a message back for this long at most. Source: SQS SendMessage, DelaySeconds. */
export const MAX_DELAY_SECONDS = 900;

/**
 * Up to this many bytes of arguments stay in the execution's record. Every transition rewrites the record, about three
 * times in a life, at one write unit per KB; an S3 object that is put, read, and marked at the end costs about 17: five
 * and a half KB is where they meet.
 */
export const ARGUMENTS_INLINE_BYTES = 4096;

/** Up to this many bytes of arguments, result and logs together, the output of an only attempt stays in the record. */
export const RECORD_OUTPUT_BYTES = 4096;

/** The same border for the result and for the logs of an attempt, whose item is written only once. */
export const ATTEMPT_INLINE_BYTES = 4096;

/** Metadata pairs an execution may carry, and the longest key or value. */
export const METADATA_MAX_PAIRS = 25;
export const METADATA_MAX_LENGTH = 256;

/** Records, payloads and logs are gone this many days after the end. */
export const RETENTION_DAYS = 30;

/** Executions that one request may enqueue. */
export const BATCH_MAX_ITEMS = 100;

/** Executions that a bulk job acts on in a second: at most, and when nothing is said. */
export const BULK_MAX_PER_SECOND = 1_000;
export const BULK_DEFAULT_PER_SECOND = 100;

/** Every step of a job rewrites its filters, at one write unit per KB. */
export const BULK_MAX_FILTERS_LENGTH = 16_384;

/** Megabytes of memory of a function that says nothing. */
export const DEFAULT_MEMORY_MEGABYTES = 1024;

/** Items on a page: at most, and when nothing is said. */
export const PAGE_MAX_ITEMS = 100;
export const PAGE_DEFAULT_ITEMS = 50;
