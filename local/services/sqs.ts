import { AwsFailure } from "../gateway/failures.ts";
import { jsonBody, parseJson } from "../gateway/json-body.ts";
import type { GatewayRequest, GatewayResponse, Service } from "../gateway/messages.ts";

/** The longest delay that SQS allows: 15 minutes. */
const MAX_DELAY_SECONDS = 900;

const URL_ACTIONS = new Set(["CreateQueue", "GetQueueUrl", "ListQueues"]);

/**
 * Completes fauxqs: refuses delays over 900 s, makes queue URLs point to the gateway, and makes messages received for a
 * caller that has gone visible again at once.
 */
export function sqsService(fauxqs: Service, gatewayEndpoint: () => string): Service {
  return async (call, request) => {
    if (call.action === "SendMessage" || call.action === "SendMessageBatch") checkDelays(request);
    const response = await fauxqs(call, request);
    if (response.status !== 200) return response;
    if (URL_ACTIONS.has(call.action)) return withGatewayUrls(response, gatewayEndpoint());
    if (call.action === "ReceiveMessage" && request.signal.aborted) await giveBack(call, request, response, fauxqs);
    return response;
  };
}

function checkDelays(request: GatewayRequest): void {
  const { DelaySeconds, Entries = [] } = jsonBody(request) as {
    DelaySeconds?: unknown;
    Entries?: { DelaySeconds?: unknown }[];
  };
  // In AWS a bad entry fails alone; here it fails the whole batch. The product never sends one.
  for (const delay of [DelaySeconds, ...Entries.map((entry) => entry.DelaySeconds)]) {
    if (delay === undefined || (Number.isInteger(delay) && Number(delay) >= 0 && Number(delay) <= MAX_DELAY_SECONDS)) {
      continue;
    }
    throw new AwsFailure(
      400,
      "InvalidParameterValue",
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`,
    );
  }
}

function withGatewayUrls(response: GatewayResponse, endpoint: string): GatewayResponse {
  const answer = parseJson(response.body) as { QueueUrl?: string; QueueUrls?: string[] };
  const toGateway = (url: string) => endpoint + new URL(url).pathname;
  const own = {
    ...answer,
    ...(answer.QueueUrl !== undefined && { QueueUrl: toGateway(answer.QueueUrl) }),
    ...(answer.QueueUrls !== undefined && { QueueUrls: answer.QueueUrls.map(toGateway) }),
  };
  return { ...response, body: JSON.stringify(own) };
}

// fauxqs does not notice an aborted long poll. In AWS too such messages can be hidden for a while; but here it would
// happen at every stop and change of code.
async function giveBack(
  call: Parameters<Service>[0],
  request: GatewayRequest,
  response: GatewayResponse,
  fauxqs: Service,
) {
  const { Messages = [] } = parseJson(response.body) as { Messages?: { ReceiptHandle: string }[] };
  const { QueueUrl } = jsonBody(request) as { QueueUrl: string };
  const headers = { ...request.headers, "x-amz-target": "AmazonSQS.ChangeMessageVisibility" };
  for (const { ReceiptHandle } of Messages) {
    const body = Buffer.from(JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await fauxqs({ ...call, action: "ChangeMessageVisibility" }, { ...request, headers, body });
  }
}
