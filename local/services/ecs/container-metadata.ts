import { createServer } from "node:http";
import { drain } from "../../drain.ts";
import type { AccessKey } from "../../gateway/access-keys.ts";
import { listen } from "../../listen.ts";
import { refusalOf } from "../../web-guard.ts";

/** Facts that a container may ask about itself. */
export interface ContainerFacts {
  taskArn: string;
  accessKey: AccessKey;
}

/** How long credentials are good for. */
const CREDENTIALS_MS = 6 * 3_600_000;

/**
 * The addresses that ECS gives the containers of a task: their metadata, and the credentials of the task's role. Only
 * who knows the secret of a task gets an answer.
 */
export class ContainerMetadata {
  readonly #server = createServer((incoming, outgoing) => {
    const refusal = refusalOf(incoming);
    const answer = refusal === undefined ? this.#answer(incoming.url ?? "") : undefined;
    outgoing.writeHead(refusal?.status ?? (answer === undefined ? 404 : 200), { "content-type": "application/json" });
    outgoing.end(JSON.stringify(answer ?? {}));
    drain(incoming);
  });
  #port: Promise<number> | undefined;
  #base = "";
  readonly #facts = new Map<string, ContainerFacts>();
  readonly #aheadMs: () => number;

  /** @param aheadMs how far the clock of the cloud has been moved forward */
  constructor(aheadMs: () => number) {
    this.#aheadMs = aheadMs;
  }

  /** Listens from now on: for deployments with a cluster, which most are not. */
  async open(): Promise<void> {
    this.#port ??= listen(this.#server, 0);
    this.#base = `http://127.0.0.1:${await this.#port}`;
  }

  /** Makes a task known by its secret. Returns the variables by which its container finds all that. */
  add(secret: string, facts: ContainerFacts): Record<string, string> {
    this.#facts.set(secret, facts);
    const base = this.#base;
    return {
      ECS_CONTAINER_METADATA_URI_V4: `${base}/v4/${secret}`,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${base}/credentials/${secret}`,
    };
  }

  remove(secret: string): void {
    this.#facts.delete(secret);
  }

  async close(): Promise<void> {
    if (this.#port === undefined) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(url: string): object | undefined {
    const [, what, secret = "", part] = url.split("/");
    const facts = this.#facts.get(secret);
    if (facts === undefined) return undefined;
    const { taskArn, accessKey } = facts;
    if (what === "v4" && part === "task") return { TaskARN: taskArn };
    if (what !== "credentials") return undefined;
    return {
      AccessKeyId: accessKey.accessKeyId,
      SecretAccessKey: accessKey.secretAccessKey,
      // Fault injection identifies a task by it.
      Token: secret,
      Expiration: new Date(Date.now() + this.#aheadMs() + CREDENTIALS_MS).toISOString(),
    };
  }
}
