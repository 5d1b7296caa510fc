import { ConnectionLost } from "../failures.ts";
import type { Call, GatewayRequest, GatewayResponse } from "../messages.ts";

/** An event that a function works on. */
export interface KillableInvocation {
  functionName: string;
  /** Id of the execution environment. */
  environmentId: string;
  /** Ends the environment with all its processes, by SIGKILL. */
  kill(): void;
}

/** The point at which to kill an execution environment. */
export interface KillAim {
  /** Name of the function; its first matching invocation is killed. */
  functionName: RegExp;
  /**
   * An AWS call of the invocation; default: when the invocation begins. `service` is as in `Call`, `action` as IAM
   * names it; any by default. `count`: which of these calls in one invocation, default 1.
   */
  call?: { service?: string; action?: string; count?: number };
  /**
   * `before_effect`: the service has not received the call. `before_response`, the default: the call took effect (a
   * refusal does not count), but the function gets no answer. `after_response`: the function has the answer.
   */
  moment?: "before_effect" | "before_response" | "after_response";
  /** Delay after the response (or the beginning), if the invocation still runs. */
  delayMs?: number;
}

/** A pending kill. */
export interface Armed {
  aim: Omit<KillAim, "functionName">;
  /** Receives the place of the kill. */
  onHit: (where: string) => void;
}

interface Running {
  invocation: KillableInvocation;
  /** Kills for this invocation only. */
  armed: Set<Armed>;
  calls: Call[];
  timers: Set<NodeJS.Timeout>;
}

type Next = (changed?: GatewayRequest) => Promise<GatewayResponse>;

/** Kills execution environments at given points. */
export class Kills {
  /** By environment id: an environment runs one event at a time. */
  readonly #running = new Map<string, Running>();
  /** Kills with the functions they apply to. */
  readonly #armed = new Map<Armed, RegExp>();

  /** Arms a kill for the first matching invocation. */
  arm(armed: Armed, functionName: RegExp): void {
    this.#armed.set(armed, functionName);
  }

  /** Cancels all pending kills. */
  disarm(): void {
    this.#armed.clear();
    for (const { armed, timers } of this.#running.values()) {
      armed.clear();
      clear(timers);
    }
  }

  /** Follows an invocation until the returned function is called. `own`: a kill for this invocation only. */
  begin(invocation: KillableInvocation, own?: Armed): () => void {
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

  /** Passes a call of an environment on, and kills the environment if a kill is aimed at the call. */
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
    // Another call may have triggered it meanwhile.
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

  /** Kills a moment later, so that the answer arrives first. */
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
