import type { Profiler } from "node:inspector";

/** A part of the code, and which share of the processor's time went to it. */
export interface Cost {
  part: string;
  share: number;
}

const RUNTIME = new Map([
  ["(garbage collector)", "garbage collection"],
  ["(program)", "outside of JavaScript"],
]);

/**
 * Returns the time of a profile by place, the dearest first: packages, our own folders, modules of Node. The time of a
 * function without a file (the engine's own) belongs to its caller. Waiting and the start of the profile are left out.
 */
export function costs({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Cost[] {
  const parts = partsOf(nodes);
  const microseconds = new Map<string, number>();
  samples.forEach((id, index) => {
    const part = parts.get(id);
    if (part === undefined) return;
    microseconds.set(part, (microseconds.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const whole = [...microseconds.values()].reduce((sum, time) => sum + time, 0);
  return [...microseconds].map(([part, time]) => ({ part, share: time / whole })).sort((a, b) => b.share - a.share);
}

function partsOf(nodes: Profiler.ProfileNode[]): Map<number, string | undefined> {
  const parts = new Map<number, string | undefined>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node: Profiler.ProfileNode, caller: string | undefined) => {
    const { functionName, url } = node.callFrame;
    const part = RUNTIME.get(functionName) ?? (url === "" ? caller : partOf(url));
    parts.set(node.id, functionName === "(idle)" || url.startsWith("node:inspector") ? undefined : part);
    for (const child of node.children ?? []) {
      const called = byId.get(child);
      if (called !== undefined) visit(called, part);
    }
  };
  // The first node is the root.
  if (nodes[0] !== undefined) visit(nodes[0], undefined);
  return parts;
}

function partOf(url: string): string {
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, own] = /\/((?:lambdas|bench)\/[^/]+)\/[^/]+$/.exec(url) ?? [];
  return dependency ?? own ?? url.replace(/^(node:(?:internal\/)?[^/]+).*/, "$1");
}
