import { mkdir } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { AwsFailure } from "../gateway/failures.ts";
import type { GatewayRequest, GatewayResponse } from "../gateway/messages.ts";
import type { Backend } from "./backend.ts";
import { s3Service } from "./s3.ts";
import { sqsService } from "./sqs.ts";

type App = ReturnType<typeof buildApp>;

type Stores = NonNullable<BuildAppOptions["stores"]>;

interface Persistence {
  /** In WAL mode. */
  db: DatabaseSync;
  load(sqs: Stores["sqsStore"], sns: Stores["snsStore"], s3: Stores["s3Store"]): void;
  close(): void;
}

/** S3 allows objects of 5 GB; here the whole object is in memory. */
const MAX_OBJECT_BYTES = 1024 ** 3;

/** Hop-by-hop headers, which end at the gateway. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

/**
 * Starts SQS and S3 by fauxqs, in this process. It does not listen: any program or web page could call it.
 * `gatewayEndpoint`: base of queue URLs.
 */
export async function startFauxqs(directory: string | undefined, gatewayEndpoint: () => string): Promise<Backend> {
  const stores = await makeStores();
  const persistence = directory === undefined ? undefined : await persist(stores, directory);
  const app = buildApp({ logger: false, stores });
  acceptLargeBodies(app);
  if (persistence !== undefined) app.addHook("preClose", () => persistence.close());
  const pass = (_: unknown, request: GatewayRequest) => inject(app, request);
  await app.ready();
  return {
    services: { s3: s3Service(pass), sqs: sqsService(pass, gatewayEndpoint) },
    // Ends long polls as well.
    stop: () => app.close(),
  };
}

async function inject(app: App, { method, url, headers, body }: GatewayRequest): Promise<GatewayResponse> {
  refuseDotSegments(url);
  const own: Record<string, string | string[] | undefined> = { ...headers, host: "127.0.0.1" };
  for (const name of HOP_BY_HOP) delete own[name];
  const answer = await app.inject({ method: method as "GET", url, headers: own, payload: body });
  const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
    // HEAD states the length of the body it does not send.
    value === undefined || (HOP_BY_HOP.includes(name) && !(method === "HEAD" && name === "content-length"))
      ? []
      : [[name, Array.isArray(value) ? value : String(value)] as const],
  );
  return { status: answer.statusCode, headers: Object.fromEntries(kept), body: answer.rawPayload };
}

/** Refuses dot segments: `inject` would resolve them and find another object. */
function refuseDotSegments(url: string): void {
  const [path = ""] = url.split("?", 1);
  if (!/\/(\.|%2e){1,2}(\/|$)/i.test(path)) return;
  throw new AwsFailure(400, "InvalidURI", 'The local S3 allows neither "." nor ".." between the slashes of a key.');
}

// The package exports no stores. The version is pinned; test/local/restart.test.ts covers this.
async function internal<T>(path: string): Promise<T> {
  return (await import(new URL(path, import.meta.resolve("fauxqs")).href)) as T;
}

async function makeStores(): Promise<Stores> {
  const { SqsStore } = await internal<{ SqsStore: new () => Stores["sqsStore"] }>("sqs/sqsStore.js");
  const { SnsStore } = await internal<{ SnsStore: new () => Stores["snsStore"] }>("sns/snsStore.js");
  const { S3Store } = await internal<{ S3Store: new () => Stores["s3Store"] }>("s3/s3Store.js");
  return { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
}

async function persist({ sqsStore, snsStore, s3Store }: Stores, directory: string): Promise<Persistence> {
  await mkdir(directory, { recursive: true });
  const { PersistenceManager } = await internal<{ PersistenceManager: new (directory: string) => Persistence }>(
    "persistence.js",
  );
  const persistence = new PersistenceManager(directory);
  // A write survives the death of this process without fsync, which takes milliseconds and would block everything.
  persistence.db.exec("PRAGMA synchronous = NORMAL");
  // Loads before it is attached to the stores: loaded data must not be written again.
  persistence.load(sqsStore, snsStore, s3Store);
  for (const store of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()]) Object.assign(store, { persistence });
  return persistence;
}

/** Registers fauxqs's parsers again with a higher limit: its own is 11 MB. */
function acceptLargeBodies(app: App): void {
  app.removeAllContentTypeParsers();
  const options = { bodyLimit: MAX_OBJECT_BYTES };
  app.addContentTypeParser("application/x-amz-json-1.0", { parseAs: "string", ...options }, (_, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser("*", { parseAs: "buffer", ...options }, (_, body, done) => done(null, body));
}
