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

/** The slots with that of `holder` held until `untilMs`; `undefined` if it has none: a renewal never takes a slot. */
export function renewedSlot(slots: readonly Slot[], { holder, untilMs }: Slot): readonly Slot[] | undefined {
  if (!slots.some((slot) => slot.holder === holder)) return undefined;
  return slots.map((slot) => (slot.holder === holder ? { holder, untilMs } : slot));
}

/** The slots without that of `holder`. */
export function othersAlive(slots: readonly Slot[], holder: string, nowMs: number): readonly Slot[] {
  return slots.filter((slot) => slot.holder !== holder && slot.untilMs > nowMs);
}
