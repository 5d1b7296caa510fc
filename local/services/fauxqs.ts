import { mkdir } from "node:fs/promises";
import { type BuildAppOptions, buildApp } from "fauxqs";
import type { GatewayResponse, Service } from "../gateway/messages.ts";
import { Upstream } from "../gateway/upstream.ts";
import type { Backend } from "./backend.ts";
import { s3Service } from "./s3.ts";
import { sqsService } from "./sqs.ts";

type Stores = NonNullable<BuildAppOptions["stores"]>;

interface Persistence {
  load(sqs: Stores["sqsStore"], sns: Stores["snsStore"], s3: Stores["s3Store"]): void;
  close(): void;
}

/** An object may have 5 GB in S3; here all of it is in memory at once. */
const MAX_OBJECT_BYTES = 1024 ** 3;

/** SQS and S3 by fauxqs, in this process. `gatewayEndpoint`: what queue URLs begin with. */
export async function startFauxqs(directory: string | undefined, gatewayEndpoint: () => string): Promise<Backend> {
  const stores = await makeStores();
  const persistence = directory === undefined ? undefined : await persist(stores, directory);
  const app = buildApp({ logger: false, stores });
  acceptLargeBodies(app);
  if (persistence !== undefined) app.addHook("preClose", () => persistence.close());
  // `startFauxqs` of the package itself would listen on all interfaces.
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  const upstream = new Upstream(Number(new URL(address).port));
  const pass: Service = (_, request): Promise<GatewayResponse> => upstream.pass(request);
  return {
    services: { s3: s3Service(pass), sqs: sqsService(pass, gatewayEndpoint) },
    async stop() {
      upstream.close();
      await app.close();
    },
  };
}

// The package exports only what makes the stores itself. The version is pinned; test/local/restart.test.ts covers this.
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
  // Loaded before the stores know of it: what is loaded must not be written again.
  persistence.load(sqsStore, snsStore, s3Store);
  for (const store of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()]) Object.assign(store, { persistence });
  return persistence;
}

/** fauxqs stops at 11 MB, S3 does not: the same parsers again, with another limit. */
function acceptLargeBodies(app: ReturnType<typeof buildApp>): void {
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
