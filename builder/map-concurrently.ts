import { availableParallelism } from "node:os";

/** Maps with one worker for each core. */
export async function mapConcurrently<In, Out>(
  items: readonly In[],
  map: (item: In, index: number) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
