import type { AccessKey, Caller } from "../gateway/access-keys.ts";
import { EventSource, type EventSourceOptions } from "./event-source.ts";
import type { Lambda } from "./lambda.ts";

export type EventSourceConfiguration = Omit<EventSourceOptions, "invoke" | "onProblem" | "sqs"> & {
  isEnabled: boolean;
};

interface Running {
  configuration: EventSourceConfiguration;
  accessKey: AccessKey;
  source: EventSource | undefined;
}

export interface EventSourcesOptions {
  lambda: Lambda;
  /** Calls an action of SQS as a caller. */
  sqs(caller: Caller, action: string, parameters: unknown, signal?: AbortSignal): Promise<unknown>;
  onProblem: (functionName: string, text: string) => void;
}

/** The event source mappings of all functions. */
export class EventSources {
  readonly #options: EventSourcesOptions;
  readonly #byId = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();

  constructor(options: EventSourcesOptions) {
    this.#options = options;
  }

  /** Creates or changes a mapping; an unchanged one goes on polling. */
  put(id: string, configuration: EventSourceConfiguration): void {
    const { lambda, sqs, onProblem } = this.#options;
    const { functionName } = configuration;
    const accessKey = lambda.configuration(functionName)?.accessKey;
    if (accessKey === undefined) throw new Error(`there is no function ${functionName}`);
    const existing = this.#byId.get(id);
    const isSame = JSON.stringify(existing?.configuration) === JSON.stringify(configuration);
    if (isSame && existing?.accessKey === accessKey) return;
    this.remove(id);
    const source = configuration.isEnabled
      ? new EventSource({
          ...configuration,
          sqs: (action, parameters, signal) => sqs(accessKey.caller, action, parameters, signal),
          invoke: (name, payload) => lambda.invoke(name, payload),
          onProblem: (text) => onProblem(functionName, text),
        })
      : undefined;
    this.#byId.set(id, { configuration, accessKey, source });
  }

  remove(id: string): void {
    const source = this.#byId.get(id)?.source;
    this.#byId.delete(id);
    if (source === undefined) return;
    source.stop();
    const ended = source.ended().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  /** Stops all mappings from receiving. */
  stop(): void {
    for (const id of [...this.#byId.keys()]) this.remove(id);
  }

  /** Resolves, after `stop`, when the received messages have been processed. */
  async ended(): Promise<void> {
    await Promise.all(this.#ending);
  }
}
