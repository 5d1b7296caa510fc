import { soak } from "./soak.ts";

// npm run soak -- 1 2 3: the soak test with these seeds, and what became of it.

const seeds = process.argv.slice(2).map(Number);
for (const seed of seeds) {
  const begin = performance.now();
  const { broken, states, injected, rounds } = await soak(seed);
  const kinds: Record<string, number> = {};
  for (const each of injected) kinds[each.split(" ")[0] ?? ""] = (kinds[each.split(" ")[0] ?? ""] ?? 0) + 1;
  console.log(
    `seed ${seed}: ${broken.length === 0 ? "kept" : "BROKEN"} after ${rounds} rounds, ${Math.round((performance.now() - begin) / 1000)} s`,
  );
  console.log(`  states ${JSON.stringify(states)}  faults ${JSON.stringify(kinds)}`);
  for (const each of broken) console.log(`  ${each}`);
  if (broken.length > 0) process.exitCode = 1;
}
