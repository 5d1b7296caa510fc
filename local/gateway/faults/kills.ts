import { ConnectionLost } from "../failures.ts";
import type { Call, GatewayRequest, GatewayResponse } from "../messages.ts";

/** An event that a function works on. */
export interface Invocation {
  functionName: string;
  /** Of its execution environment. */
  environmentId: string;
  /** Ends the environment with all its processes, by SIGKILL. */
  kill(): void;
}

/** Where an execution environment is killed. */
export interface KillAim {
  /** The first invocation that gets there. */
  functionName: RegExp;
  /**
   * At an AWS call of the invocation; without it, when the invocation begins. `service` is as in `Call`, `action` as IAM
   * names it; both are any without them. `count`: the so-manieth of these calls in one invocation, 1 without it.
   */
  call?: { service?: string; action?: string; count?: number };
  /**
   * `before_effect`: the service has not heard of the call. `before_response`, the default: it took effect (a refusal
   * does not count), the function will never know. `after_response`: the function knows.
   */
  moment?: "before_effect" | "before_response" | "after_response";
  /** So long after the response (or the beginning), if the invocation runs that long. */
  delayMs?: number;
}

/** A kill that is to come. */
export interface Armed {
  aim: Omit<KillAim, "functionName">;
  /** Hears where it hit. */
  onHit: (where: string) => void;
}

interface Running {
  invocation: Invocation;
  /** Those for this invocation alone. */
  armed: Set<Armed>;
  calls: Call[];
  timers: Set<NodeJS.Timeout>;
}

type Next = (changed?: GatewayRequest) => Promise<GatewayResponse>;

/** Kills execution environments where it is told to. */
export class Kills {
  /** By the id of the environment: it works on one event at a time. */
  readonly #running = new Map<string, Running>();
  /** With the functions that each is for. */
  readonly #armed = new Map<Armed, RegExp>();

  /** For the first invocation that gets there. */
  arm(armed: Armed, functionName: RegExp): void {
    this.#armed.set(armed, functionName);
  }

  /** Takes back everything that has not happened yet. */
  disarm(): void {
    this.#armed.clear();
    for (const { armed, timers } of this.#running.values()) {
      armed.clear();
      clear(timers);
    }
  }

  /** Follows an invocation, up to the call of what it returns. `own`: for this invocation alone. */
  begin(invocation: Invocation, own?: Armed): () => void {
    const armed = new Set(own === undefined ? [] : [own]);
    const running: Running = { invocation, armed, calls: [], timers: new Set() };
    this.#running.set(invocation.environmentId, running);
    const first = this.#armedFor(running).find(({ aim }) => aim.call === undefined);
    if (first !== undefined) this.#killLater(first, running, "from its beginning");
    return () => {
      clear(running.timers);
      this.#running.delete(invocation.environmentId);
    };
  }

  /** Lets a call of an environment through, and kills the environment at it if that is aimed at. */
  async call(environmentId: string, call: Call, next: Next): Promise<GatewayResponse> {
    const running = this.#running.get(environmentId);
    if (running === undefined) return next();
    running.calls.push(call);
    const here = this.#armedFor(running).filter(({ aim }) => isAt(aim, call, running.calls));
    const what = `${call.service}:${call.action}`;
    const before = here.find(({ aim }) => aim.moment === "before_effect");
    if (before !== undefined) {
      this.#kill(before, running, `before the effect of ${what}`);
      throw new ConnectionLost();
    }
    const response = await next();
    // Others may have been quicker meanwhile.
    const after = response.status < 400 ? this.#armedFor(running).find((it) => here.includes(it)) : undefined;
    if (after === undefined) return response;
    const { moment, delayMs } = after.aim;
    if (moment === "after_response" || delayMs !== undefined) {
      this.#killLater(after, running, `after the response of ${what}`);
      return response;
    }
    this.#kill(after, running, `after the effect of ${what}`);
    throw new ConnectionLost();
  }

  #armedFor({ invocation, armed }: Running): Armed[] {
    const general = [...this.#armed].filter(([, functionName]) => functionName.test(invocation.functionName));
    return [...armed, ...general.map(([it]) => it)];
  }

  /** In a moment: what was answered is to get there. */
  #killLater(armed: Armed, running: Running, where: string): void {
    this.#take(armed, running);
    const { delayMs = 1 } = armed.aim;
    running.timers.add(setTimeout(() => this.#kill(armed, running, `${where} + ${delayMs} ms`), delayMs));
  }

  #kill(armed: Armed, running: Running, where: string): void {
    this.#take(armed, running);
    running.invocation.kill();
    armed.onHit(`${running.invocation.functionName} ${where}`);
  }

  #take(armed: Armed, running: Running): void {
    this.#armed.delete(armed);
    running.armed.delete(armed);
  }
}

function isAt({ call: wanted }: Armed["aim"], call: Call, calls: readonly Call[]): boolean {
  if (wanted === undefined || !isMeant(wanted, call)) return false;
  return calls.filter((it) => isMeant(wanted, it)).length >= (wanted.count ?? 1);
}

function isMeant({ service, action }: NonNullable<KillAim["call"]>, call: Call): boolean {
  return (service ?? call.service) === call.service && (action ?? call.action) === call.action;
}

function clear(timers: Set<NodeJS.Timeout>): void {
  for (const timer of timers) clearTimeout(timer);
  timers.clear();
}
