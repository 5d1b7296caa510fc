const RealDate = Date;
let aheadMs = () => 0;

/**
 * Moves `Date` in this process ahead of the machine's clock, like the clock of the cloud: by a fixed time, or as it is
 * told each time. Timers keep the machine's time.
 */
export function putClockForward(ms: number | (() => number)): void {
  aheadMs = typeof ms === "number" ? () => ms : ms;
  // Replaces nothing unless the clock was moved.
  if (ms !== 0) globalThis.Date = MovedDate;
}

const now = () => RealDate.now() + aheadMs();

const MovedDate = new Proxy(RealDate, {
  construct: (target, args: [], newTarget: NewableFunction) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : (Reflect.get(target, name, receiver) as unknown)),
});
