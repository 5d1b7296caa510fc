import { availableParallelism } from "node:os";

/** Maps with a number of workers: by default one for each core. */
export async function mapConcurrently<In, Out>(
  items: readonly In[],
  map: (item: In, index: number) => Promise<Out>,
  workers = availableParallelism(),
): Promise<Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}
