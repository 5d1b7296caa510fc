import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../local/listen.ts";

/** The answers of AWS to each operation (`getItem`, …), by the request's body: JSON texts as they go over the wire. */
export type Answers = Readonly<Record<string, (body: string) => string>>;

/** Every queue takes every message. */
export const takesMessages: Answers = {
  sendMessage: (body) => {
    const { MessageBody } = JSON.parse(body) as { MessageBody: string };
    // The SDK checks it.
    const md5 = createHash("md5").update(MessageBody).digest("hex");
    return JSON.stringify({ MessageId: "message", MD5OfMessageBody: md5 });
  },
};

/** Every secret has this value. */
export function secret(value: string): Answers {
  return {
    getSecretValue: () => JSON.stringify({ SecretString: value }),
    batchGetSecretValue(body) {
      const { SecretIdList } = JSON.parse(body) as { SecretIdList: string[] };
      return JSON.stringify({ SecretValues: SecretIdList.map((ARN) => ({ ARN, SecretString: value })) });
    },
  };
}

/** The SDK's network replaced: what a client takes as its `requestHandler`. */
export function cannedRequestHandler(answers: Answers) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle({ headers, body }: { headers: Record<string, string>; body?: string | Uint8Array }) {
      const given = typeof body === "string" ? body : new TextDecoder().decode(body);
      const response = { statusCode: 200, headers: {}, body: Buffer.from(answerTo(answers, headers, given)) };
      return { response };
    },
    destroy() {},
  };
}

/** The same over HTTP, on 127.0.0.1. */
export async function serveAnswers(answers: Answers): Promise<{ endpoint: string; close(): void }> {
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => answerTo(answers, request.headers as Record<string, string>, body))
      .then((answer) => response.end(answer))
      // The SDK does not retry a 400.
      .catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  const port = await listen(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo(answers: Answers, headers: Record<string, string>, body: string): string {
  const operation = (headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
  const answer = answers[`${operation.charAt(0).toLowerCase()}${operation.slice(1)}`];
  if (answer === undefined) throw new Error(`no answer is prepared for ${operation}`);
  return answer(body);
}
