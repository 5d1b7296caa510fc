import { callWithFaults } from "./faults/call-faults.ts";
import { Dice, type Draw } from "./faults/dice.ts";
import { type Armed, type KillAim, type KillableInvocation, Kills } from "./faults/kills.ts";
import { checkPlan, type FaultPlan } from "./faults/plan.ts";
import { hidesMessages, sendsToStandardQueue, sendWithFaults, visibleAgain } from "./faults/queue-faults.ts";
import type { Call, GatewayRequest, Interceptor } from "./messages.ts";

const KILL_WITHIN_MS = 1_000;

/** A random kill hits one of the first calls, up to this number. */
const KILL_WITHIN_CALLS = 8;

/** Faults of tasks on Fargate. */
type TaskFault = "refused" | "notStarted" | "eventLost";

const MOMENTS = ["before_effect", "before_response", "after_response"] as const;

/** Injects faults by a plan until stopped, and on demand. */
export class Faults {
  readonly #plan: FaultPlan;
  readonly #dice: Dice;
  readonly #kills = new Kills();
  /** Faults that are to happen to the next tasks of a family. */
  readonly #next: { fault: TaskFault; family: RegExp }[] = [];
  #isStopped: boolean;
  /** Injected faults, in order: `throttled Epoque-Api dynamodb:PutItem #3`. For messages of failing tests. */
  readonly injected: string[] = [];

  /** Without a plan only `killOnce` and `nextTasks` inject faults. @throws RangeError for an invalid plan */
  constructor(plan: FaultPlan | undefined) {
    this.#plan = plan ?? { seed: 0 };
    this.#isStopped = plan === undefined;
    checkPlan(this.#plan);
    this.#dice = new Dice(this.#plan.seed);
  }

  get seed(): number {
    return this.#plan.seed;
  }

  /** Stops fault injection by the plan, and cancels pending kills. */
  stop(): void {
    this.#isStopped = true;
    this.#kills.disarm();
    this.#next.length = 0;
  }

  /** Lets a fault happen to the next `times` tasks of a family, also without a plan. */
  nextTasks(fault: TaskFault, family: RegExp, times = 1): void {
    for (let n = 0; n < times; n++) this.#next.push({ fault, family });
  }

  /**
   * Kills the execution environment of the first invocation that reaches the aim.
   * @returns the place of the kill once it has happened; never resolves otherwise
   */
  killOnce({ functionName, ...aim }: KillAim): Promise<string> {
    return new Promise((resolve) => {
      const onHit = (where: string) => {
        this.#note("killed", where);
        resolve(where);
      };
      this.#kills.arm({ aim, onHit }, functionName);
    });
  }

  /** Interceptor for the gateway, behind enforcement. */
  readonly interceptor: Interceptor = async (call, request, next) => {
    const environmentId = sessionOf(request);
    const sent = this.#sooner(call, request);
    // An environment has a session; polling for its function has none.
    if (call.caller.kind === "function" && environmentId !== undefined) {
      return this.#kills.call(environmentId, call, () => this.#call(call, sent, next));
    }
    return this.#send(call, sent, next);
  };

  /** Called by Lambda when an invocation begins; the returned function when it has ended. */
  readonly onInvocation = (invocation: KillableInvocation): (() => void) => {
    return this.#kills.begin(invocation, this.#randomKill(invocation.functionName));
  };

  /** Returns how often Scheduler calls the target of a firing schedule. */
  readonly timesFired = (kind: "once" | "recurring", name: string): number => {
    if (this.#isStopped) return 1;
    const { neverFired = 0, firedTwice = 0 } = this.#plan;
    // Independent of the name, which differs from run to run.
    const { n, random } = this.#dice.draw(`schedule ${kind}`);
    const [isLost, isTwice] = [random() < neverFired, random() < firedTwice];
    const fault = isLost && kind === "once" ? "neverFired" : isTwice ? "firedTwice" : undefined;
    if (fault === undefined) return 1;
    this.#note(fault, name, n);
    return fault === "neverFired" ? 0 : 2;
  };

  /** Returns why a task cannot be started, if that is to be. */
  readonly taskProblem = (family: string): string | undefined => {
    if (!this.#happens("notStarted", family)) return undefined;
    return "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref";
  };

  /** Returns whether the event of a task's end is to be lost. */
  readonly isEventLost = (family: string): boolean => this.#happens("eventLost", family);

  /** Returns why a task is not run, if that is to be. */
  readonly taskRefusal = (family: string): string | undefined =>
    this.#happens("refused", family) ? "Capacity is unavailable at this time. Please try again later." : undefined;

  #happens(fault: TaskFault, family: string): boolean {
    const next = this.#next.findIndex((it) => it.fault === fault && it.family.test(family));
    if (next >= 0) {
      this.#next.splice(next, 1);
      this.#note(fault, family);
      return true;
    }
    const share = this.#plan[fault] ?? 0;
    if (this.#isStopped || share === 0) return false;
    const { n, random } = this.#dice.draw(`${fault} ${family}`);
    if (random() >= share) return false;
    this.#note(fault, family, n);
    return true;
  }

  async #call(call: Call, request: GatewayRequest, next: Parameters<Interceptor>[2]) {
    if (this.#isStopped || !this.#isMeant(call)) return next();
    const { what, draw } = this.#drawFor(call);
    const send = (changed = request) => this.#send(call, changed, next);
    const note = (fault: string) => this.#note(fault, what, draw.n);
    return callWithFaults(call, request, send, { plan: this.#plan, draw, note });
  }

  async #send(call: Call, request: GatewayRequest, next: Parameters<Interceptor>[2]) {
    const isFaulty = !this.#isStopped && call.caller.kind !== "operator" && sendsToStandardQueue(call);
    if (!isFaulty || !this.#isMeant(call)) return next(request);
    const { what, draw } = this.#drawFor(call, "message of ");
    const note = (fault: string) => this.#note(fault, what, draw.n);
    return sendWithFaults(request, next, { plan: this.#plan, draw, note });
  }

  #sooner(call: Call, request: GatewayRequest): GatewayRequest {
    const { visibleAgainSeconds } = this.#plan;
    if (visibleAgainSeconds === undefined || this.#isStopped || !hidesMessages(call)) return request;
    return visibleAgain(request, visibleAgainSeconds);
  }

  #isMeant({ caller }: Call): boolean {
    return caller.kind !== "function" || this.#plan.functions?.test(caller.functionName) !== false;
  }

  #drawFor({ service, action, caller }: Call, prefix = ""): { what: string; draw: Draw } {
    const who = caller.kind === "function" ? caller.functionName : caller.kind === "service" ? caller.service : "";
    const what = `${prefix}${who} ${service}:${action}`;
    return { what, draw: this.#dice.draw(what) };
  }

  #randomKill(functionName: string): Armed | undefined {
    const { killed = 0, functions, killWithinMs = KILL_WITHIN_MS } = this.#plan;
    if (this.#isStopped || functions?.test(functionName) === false) return undefined;
    const { n, random } = this.#dice.draw(`invocation of ${functionName}`);
    const [isKilled, isAtCall, where, which] = [random() < killed, random() < 0.5, random(), random()];
    if (!isKilled) return undefined;
    const onHit = (place: string) => this.#note("killed", place, n);
    const moment = MOMENTS[Math.floor(which * MOMENTS.length)] ?? "before_response";
    const count = 1 + Math.floor(where * KILL_WITHIN_CALLS);
    const aim = isAtCall ? { call: { count }, moment } : { delayMs: Math.floor(where * killWithinMs) };
    return { aim, onHit };
  }

  #note(fault: string, what: string, n?: number): void {
    this.injected.push(`${fault} ${what}${n === undefined ? "" : ` #${n}`}`);
  }
}

/** Returns the session of the request's credentials: the id of an execution environment. */
function sessionOf({ headers }: GatewayRequest): string | undefined {
  const token = headers["x-amz-security-token"];
  return typeof token === "string" ? token : undefined;
}
