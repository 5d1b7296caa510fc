import { defer } from "@defer/client";

const STOP_WORDS = new Set(
  "a an and are as at be by for from in is it of on or that the this to was were with".split(" "),
);

/** The sentences of `text` that say most, in their order: those with the most frequent words. */
async function documentSummarization(text: string, sentences = 3): Promise<string> {
  const all = text.match(/[^.!?]+[.!?]+/g)?.map((sentence) => sentence.trim()) ?? [];
  if (all.length === 0) throw new Error("the document has no sentences");
  const frequency = new Map<string, number>();
  for (const word of words(text)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const score = (sentence: string) => {
    const counted = words(sentence);
    return counted.reduce((sum, word) => sum + (frequency.get(word) ?? 0), 0) / Math.max(counted.length, 1);
  };
  const best = new Set([...all].sort((a, b) => score(b) - score(a)).slice(0, sentences));
  console.log(`kept ${best.size} of ${all.length} sentences`);
  return all.filter((sentence) => best.has(sentence)).join(" ");
}

function words(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP_WORDS.has(word));
}

export default defer(documentSummarization);
