import * as answers from "../responses.ts";
import { BulkBody } from "../schemas/bulk.ts";
import { EmptyBody } from "../schemas/fields.ts";
import { type Operation, pageQuery } from "./operation.ts";

const bulk = { description: "The job", schema: answers.BulkAnswer };

export const bulkOperations = {
  postBulk: {
    summary: "Cancel, re-run or reschedule everything that filters match, once each and at a pace; or only count it",
    body: BulkBody,
    answers: {
      200: { description: "What a dry run counted", schema: answers.DryRunAnswer },
      202: { description: "The job", schema: answers.BulkAnswer },
    },
  },
  listBulk: {
    summary: "List the bulk jobs",
    query: pageQuery,
    answers: { 200: { description: "A page, newest first", schema: answers.BulkListAnswer } },
  },
  getBulk: { summary: "A bulk job", answers: { 200: bulk } },
  stopBulk: { summary: "Stop a bulk job", body: EmptyBody, answers: { 200: bulk } },
} satisfies Record<string, Operation>;
