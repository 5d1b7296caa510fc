/** The right to run, held until `untilMs` unless it is renewed: what a dead worker holds ends by itself. */
export interface Slot {
  /** An attempt's id. */
  holder: string;
  untilMs: number;
}

/** The slots with one for `holder`, or its own one renewed; `undefined` if `limit` others run. */
export function takeSlot(
  slots: readonly Slot[],
  wanted: Slot,
  limit: number,
  nowMs: number,
): readonly Slot[] | undefined {
  const others = othersAlive(slots, wanted.holder, nowMs);
  return others.length < limit ? [...others, wanted] : undefined;
}

/** The slots without that of `holder`. */
export function othersAlive(slots: readonly Slot[], holder: string, nowMs: number): readonly Slot[] {
  return slots.filter((slot) => slot.holder !== holder && slot.untilMs > nowMs);
}
