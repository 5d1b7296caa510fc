import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { loadClient } from "../support/client.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";

// The two scenarios that the API was announced with, on the sample functions of npm start.

let dev: DevProcess;
let client: Awaited<ReturnType<typeof loadClient>>;
let calls: ReturnType<typeof caller>;

beforeAll(async () => {
  dev = startDev([]);
  const environment = await readyEnvironment(dev);
  client = await loadClient(environment);
  calls = caller(environment);
});

afterAll(() => dev.stop());

async function enqueue(user: string, count: number): Promise<string[]> {
  const videoTranscript = client.defer(async function videoTranscript(_url: string, _sentences: string[]) {});
  const documentSummarization = client.defer(async function documentSummarization(_text: string) {});
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const type = index % 2 === 0 ? "video-transcript" : "document-summarization";
      const options = { metadata: { type, user_id: user } };
      const { id } = await (index % 2 === 0
        ? client.assignOptions(videoTranscript, options)("https://videos.test/1", ["Hello."])
        : client.assignOptions(documentSummarization, options)("It is short. It has two sentences."));
      return id;
    }),
  );
}

describe("a user's documents in progress", () => {
  it("are listed page by page", async () => {
    const { listUserDocumentsProcessing } = await import("./announcement/list-user-documents-processing.ts");
    await enqueue("ada", 70);
    await enqueue("grace", 3);
    await client.assignOptions(
      client.defer(async function importContacts(_csv: string) {}),
      {
        metadata: { type: "contacts", user_id: "ada" },
      },
    )("");

    const pages = [await listUserDocumentsProcessing("ada")];
    for (let last = pages[0]; last?.hasNextPage; last = pages.at(-1)) {
      pages.push(await listUserDocumentsProcessing("ada", last.cursor));
    }
    expect(pages.map(({ processings }) => processings.length)).toEqual([50, 20]);
    const all = pages.flatMap(({ processings }) => processings);
    expect(all.filter(({ type }) => type === "transcript")).toHaveLength(35);
    const times = all.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect((await listUserDocumentsProcessing("grace")).processings).toHaveLength(3);
    expect(await listUserDocumentsProcessing("nobody")).toEqual({ processings: [], hasNextPage: false });
  });
});

describe("a user's document that failed", () => {
  it("shows its attempts with their errors, and is run once more", async () => {
    const { rerunUserDocumentProcessing } = await import("./announcement/rerun-user-document-processing.ts");
    const documentSummarization = client.defer(async function documentSummarization(_text: string) {});
    const options = { metadata: { type: "document-summarization", user_id: "alan" } };
    const { id } = await client.assignOptions(documentSummarization, options)("no sentence");
    await calls.ended(id);

    const { data: attempts } = await client.listExecutionAttempts(id);
    expect(attempts).toMatchObject([{ id: `${id}.1`, state: "failed" }]);
    expect(await client.getExecutionResult(attempts[0]?.id ?? "")).toMatchObject({
      message: "the document has no sentences",
    });

    await rerunUserDocumentProcessing(id);
    const filters = { metadata: [{ key: "user_id", values: ["alan"] }] };
    const { data } = await client.listExecutions({ first: 10 }, filters);
    expect(data).toHaveLength(2);
    expect(data[1]?.id).toBe(id);
    await calls.ended(data[0]?.id ?? "");
    expect(await client.getExecution(id)).toMatchObject({ state: "failed" });
  });
});
