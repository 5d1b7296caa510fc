import type { Interceptor } from "../local/gateway/messages.ts";

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/** Tells of writes to DynamoDB, so that a test need not read again and again until something has changed. */
export class Writes {
  readonly #awaited = new Map<string, PromiseWithResolvers<void>>();

  /** For `CloudOptions.interceptors`. */
  readonly interceptor: Interceptor = async ({ service, action }, { body }, next) => {
    try {
      return await next();
    } finally {
      if (service === "dynamodb" && WRITES.test(action)) this.#written(body);
    }
  };

  /** Resolves after the next write that names `id`. */
  of(id: string): Promise<void> {
    const awaited = this.#awaited.get(id) ?? Promise.withResolvers<void>();
    this.#awaited.set(id, awaited);
    return awaited.promise;
  }

  #written(body: Buffer): void {
    for (const [id, { resolve }] of this.#awaited) {
      if (!body.includes(id)) continue;
      this.#awaited.delete(id);
      resolve();
    }
  }
}
