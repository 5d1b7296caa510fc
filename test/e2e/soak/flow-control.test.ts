import { describe, expect, it } from "vitest";
import { brokenFlowControl } from "./flow-control.ts";
import type { Call, History } from "./history.ts";
import { parseNotes, type Shown } from "./promises.ts";

const at = (second: number) => new Date(second * 1_000).toISOString();

const shown = (function_name: string, id: string, more: Partial<Shown> = {}): Shown => ({
  ...{ id, function_name, state: "succeed", attempt: 1, metadata: { key: id, customer: "acme" } },
  ...{ created_at: at(0), scheduled_at: at(0), started_at: at(1), ...more },
});

const called = (id: string, key: string, invoked: number): Call => ({
  ...{ method: "PUT", path: "", body: { metadata: { key }, debounce: {} }, outcome: { answer: { data: { id } } } },
  ...{ invoked, answered: invoked + 1 },
});

const reserved = (...seconds: number[]) =>
  seconds.map((second, index) => ({
    ...{
      id: `m${index}`,
      version: 1,
      state: "created",
      attempt: 1,
      functionName: "mail",
      functionId: "",
      metadata: { customer: "acme" },
    },
    notBeforeMs: second * 1_000,
  }));

describe("flow control in a history", () => {
  const broken = (executions: Shown[], { notes = "", calls = [], looks = [] }: Partial<History> & { notes?: string }) =>
    brokenFlowControl({ calls, looks }, executions, parseNotes(notes));
  const lane = ["a", "b", "c"].map((id) => shown("perCustomer", id));

  it("is kept by two of a customer at once, a pace, one that waits for a key, and one follow-up of each", () => {
    const kept = {
      notes: "begin a\nbegin b\nend a\nbegin c\nend b\nend c",
      calls: [called("d", "d", 1), called("d", "e", 3)],
      looks: [reserved(0, 2.5, 5, 7.5, 10, 12.5)],
    };
    const executions = [
      ...[...lane, shown("digest", "d", { metadata: { key: "e" } }), shown("digest", "f", { created_at: at(2) })],
      ...[shown("followed", "g"), shown("ledger", "h", { executed_by: "g" })],
    ];
    expect(broken(executions, kept)).toEqual([]);
  });

  it.each<[string, Shown[], Parameters<typeof broken>[1], string]>([
    [
      "three of a customer at once",
      lane,
      { notes: "begin a\nbegin b\nbegin c\nend a\nend b\nend c" },
      "a and b and c ran at once",
    ],
    ["a burst above a rate", [], { looks: [reserved(0, 1, 2, 3, 4, 5)] }, "more than 5 of acme in a period from 0 on"],
    [
      "two that wait for one key",
      [shown("digest", "d"), shown("digest", "e")],
      {},
      "e waited beside another one of its key",
    ],
    [
      "the arguments of an earlier call",
      [shown("digest", "d")],
      { calls: [called("d", "d", 1), called("d", "e", 3)] },
      "d has not the arguments of the last call",
    ],
    ["an end without its follow-up", [shown("followed", "g")], {}, "g has no follow-up"],
    [
      "an end with two follow-ups",
      [shown("ledger", "h", { executed_by: "g" }), shown("ledger", "i", { executed_by: "g" })],
      {},
      "g has two follow-ups",
    ],
  ])("with %s is found out", (_, executions, history, expected) => {
    expect(broken(executions, history)).toContain(expected);
  });
});
