"use server";
import { listExecutions } from "@defer/client";

// The announcement's code, as it stands there (its text has lost the `data.map((` of one line).
export async function listUserDocumentsProcessing(userId: string, cursor?: string) {
  const { data, pageInfo } = await listExecutions(
    {
      first: 50,
      ...(cursor ? { after: cursor } : {}),
    },
    {
      metadata: [
        {
          key: "type",
          values: ["video-transcript", "document-summarization"],
        },
        { key: "user_id", values: [userId] },
      ],
    },
  );
  const processings = data.map(({ createdAt, functionName, state }) => ({
    status: state,
    type: functionName === "videoTranscript" ? "transcript" : "summarization",
    createdAt,
  }));
  return {
    processings,
    hasNextPage: pageInfo.hasNextPage,
    cursor: pageInfo.endCursor,
  };
}
