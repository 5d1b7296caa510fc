import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsFailure } from "../gateway/failures.ts";
import { jsonBody } from "../gateway/json-body.ts";
import type { Service } from "../gateway/messages.ts";

/** An event in EventBridge's format for rules and targets. */
export interface BusEvent {
  bus: string;
  source: string;
  "detail-type": string;
  time: string;
  detail: Record<string, unknown>;
}

/** The buses of EventBridge. There are no rules: every event goes to `onEvent`. */
export class EventBuses {
  readonly #names = new Set<string>();
  readonly #onEvent: (event: BusEvent) => void;

  constructor(onEvent: (event: BusEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(name: string): void {
    this.#names.add(name);
  }

  remove(name: string): void {
    this.#names.delete(name);
  }

  /** Puts one entry. Each is accepted or refused on its own. */
  put({ EventBusName, Source, DetailType, Detail, Time }: Entry): EntryAnswer {
    const bus = EventBusName.split("/").at(-1) ?? "";
    // As in AWS, an event for a missing bus is lost silently.
    if (!this.#names.has(bus)) return { EventId: randomUUID() };
    const detail = parseObject(Detail);
    if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
    const time = new Date(Time === undefined ? Date.now() : Time * 1_000).toISOString();
    this.#onEvent({ bus, source: Source, "detail-type": DetailType, time, detail });
    return { EventId: randomUUID() };
  }
}

const Entry = z.strictObject({
  EventBusName: z.string().min(1),
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  /** Seconds since 1970. */
  Time: z.number().optional(),
});
type Entry = z.infer<typeof Entry>;

type EntryAnswer = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

// Source: PutEvents accepts at most ten entries and 1 MB.
const Input = z.strictObject({ Entries: z.array(Entry).min(1).max(10) });
const MAX_BYTES = 1_048_576;

/** Serves EventBridge's `PutEvents`, by its JSON 1.1 protocol. */
export function eventsService(buses: EventBuses): Service {
  return async ({ action }, request) => {
    if (action !== "PutEvents") {
      throw new AwsFailure(400, "UnknownOperationException", `The local EventBridge has no action "${action}".`);
    }
    const input = Input.safeParse(jsonBody(request));
    if (!input.success) throw new AwsFailure(400, "ValidationException", z.prettifyError(input.error));
    if (request.body.length > MAX_BYTES)
      throw new AwsFailure(400, "ValidationException", "Total size of the entries is too large.");
    const Entries = input.data.Entries.map((entry) => buses.put(entry));
    const FailedEntryCount = Entries.filter((entry) => "ErrorCode" in entry).length;
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
      body: JSON.stringify({ Entries, FailedEntryCount }),
    };
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return z.record(z.string(), z.unknown()).safeParse(value).data;
  } catch {
    return undefined;
  }
}
