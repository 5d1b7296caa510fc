/** How many items one page may still read: its cost must not depend on how many there are. */
export interface Budget {
  remaining(): number;
  spend(items: number): void;
}

export function budgetOf(items: number): Budget {
  let remaining = items;
  return {
    remaining: () => remaining,
    spend(spent) {
      remaining -= spent;
    },
  };
}
