const RealDate = Date;
let aheadMs = 0;

/**
 * Lets `Date` in this process be ahead of the machine's clock, as the cloud's clock is once a test has moved it. Timers
 * keep running by the machine's.
 */
export function putClockForward(ms: number): void {
  aheadMs = ms;
  // Nothing is replaced in a cloud whose clock was never moved.
  if (ms > 0) globalThis.Date = MovedDate;
}

const now = () => RealDate.now() + aheadMs;

const MovedDate = new Proxy(RealDate, {
  construct: (target, args: [], newTarget: NewableFunction) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : (Reflect.get(target, name, receiver) as unknown)),
});
