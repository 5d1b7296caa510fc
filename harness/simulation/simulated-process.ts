import type { Clock } from "../../lambdas/core/ports.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** The Lambdas that exist in a simulated system, each of which may die, freeze, or have a clock of its own. */
export type Role = "api" | "fire" | "run" | "sweep" | "bulk" | "launch" | "task";

/**
 * Faults of one call of a process: it dies before the call, or after the call took effect; the answer is lost, so that
 * it goes on along its error path; the call is refused and has no effect; or the process freezes before the call, and
 * makes it after all leases are over.
 */
export const callFaults = ["crash_before", "crash_after", "answer_lost", "refused", "frozen"] as const;
export type CallFault = (typeof callFaults)[number];

/** Longer than a lease, the skew of clocks that is added to it, and the next sweep. */
const FROZEN_MS = 300_000;

/** The network between a process and the services it calls. */
export interface Network {
  latencyMs(): number;
  /** Called once for each call, before it. `target` is the execution it is about, where it is about one. */
  faultOf(process: SimulatedProcess, name: string, target: string | undefined): CallFault | undefined;
}

export interface SimulatedProcess {
  role: Role;
  /** True time of its death. */
  diedAtMs: number | undefined;
  /** Does nothing until then, and does not notice. */
  frozenUntilMs: number;
  /** Shows its own idea of the time. */
  clock: Clock;
  kill(): void;
  /** Calls a service, or user code. Never settles once the process is dead. */
  call<T>(name: string, args: readonly unknown[], effect: () => Promise<T>): Promise<T>;
}

/** A process that lives until its `kill`. `onDeath` is called then, once. */
export function simulatedProcess(
  role: Role,
  { time, network, clockOffsetMs }: { time: SimulatedTime; network: Network; clockOffsetMs: number },
  onDeath: () => void,
): SimulatedProcess {
  const isFrozenOrDead = () => time.now() < process.frozenUntilMs || process.diedAtMs !== undefined;
  const goesOn = async (): Promise<void> => {
    while (time.now() < process.frozenUntilMs) await time.sleep(process.frozenUntilMs - time.now());
    if (process.diedAtMs !== undefined) await never();
  };
  const process: SimulatedProcess = {
    role,
    diedAtMs: undefined,
    frozenUntilMs: 0,
    clock: {
      now: () => time.now() + clockOffsetMs,
      async sleep(ms) {
        await time.sleep(ms);
        if (isFrozenOrDead()) await goesOn();
      },
    },
    kill() {
      if (process.diedAtMs !== undefined) return;
      process.diedAtMs = time.now();
      onDeath();
    },
    async call(name, args, effect) {
      if (isFrozenOrDead()) await goesOn();
      const fault = network.faultOf(process, name, targetOf(args));
      if (fault === "crash_before") process.kill();
      if (fault === "frozen") process.frozenUntilMs = time.now() + FROZEN_MS;
      if (isFrozenOrDead()) await goesOn();
      await time.sleep(network.latencyMs());
      if (fault === "refused") {
        if (isFrozenOrDead()) await goesOn();
        throw new Error(`${name}: refused`);
      }
      try {
        return await effect();
      } finally {
        if (fault === "crash_after") process.kill();
        if (isFrozenOrDead()) await goesOn();
        // biome-ignore lint/correctness/noUnsafeFinally: the answer is lost, whatever it was
        if (fault === "answer_lost") throw new Error(`${name}: the answer was lost`);
      }
    },
  };
  return process;
}

/** `ports` as a process reaches them: each call of a port's method goes through its `call`. */
export function connect<Ports extends object>(ports: Ports, process: SimulatedProcess): Ports {
  const connected: Record<string, unknown> = { ...ports, clock: process.clock };
  for (const name in ports) {
    const port = ports[name];
    if (name !== "clock" && isPort(port)) connected[name] = through(name, port);
  }
  return connected as Ports;

  // By a proxy, since a process calls few of the methods, and there are thousands of processes.
  function through(name: string, port: Port): object {
    return new Proxy(port, {
      get(_, method: string) {
        const run = port[method];
        return typeof run === "function"
          ? called(`${name}.${method}`, (args) => run.apply(port, args) as unknown, run)
          : run;
      },
    });
  }

  function called(label: string, effect: (args: unknown[]) => unknown, run: object) {
    if (run.constructor !== AsyncGeneratorFunction)
      return (...args: unknown[]) => process.call(label, args, () => effect(args) as Promise<unknown>);
    return (...args: unknown[]) => {
      const pages = effect(args) as AsyncGenerator;
      return new Pages(() => process.call(label, args, () => pages.next()));
    };
  }
}

const AsyncGeneratorFunction = async function* () {}.constructor;

/** As a generator, and cheaper: most of the calls in a simulation ask for a page. */
class Pages implements AsyncIterableIterator<unknown> {
  readonly next: () => Promise<IteratorResult<unknown>>;

  constructor(next: () => Promise<IteratorResult<unknown>>) {
    this.next = next;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

type Port = Record<string, unknown>;

// Remembered, since there are thousands of processes of the same few ports.
const knownPorts = new WeakMap<object, boolean>();

function isPort(value: unknown): value is Port {
  if (typeof value !== "object" || value === null) return false;
  const known = knownPorts.get(value);
  if (known !== undefined) return known;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  const isOne = isPlain && Object.values(value).some((it) => typeof it === "function");
  knownPorts.set(value, isOne);
  return isOne;
}

function targetOf([first]: readonly unknown[]): string | undefined {
  if (typeof first === "string") return first;
  const { id, executionId, from } = (first ?? {}) as { id?: string; executionId?: string; from?: { id: string } };
  return id ?? executionId ?? from?.id;
}

function never(): Promise<never> {
  return new Promise(() => {});
}
