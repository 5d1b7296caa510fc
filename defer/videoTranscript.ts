import { defer } from "@defer/client";

/** A line spoken in a video, with its time. */
export interface Cue {
  at: string;
  text: string;
}

// Stands in for a speech recognition service: one sentence, two seconds.
async function videoTranscript(videoUrl: string, sentences: string[]): Promise<Cue[]> {
  console.log(`transcribing ${videoUrl}`);
  const cues = sentences.map((text, index) => ({ at: timecode(index * 2), text }));
  console.log(`${cues.length} cues`);
  return cues;
}

function timecode(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export default defer(videoTranscript, { concurrency: 5 });
