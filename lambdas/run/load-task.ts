import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { unzip } from "./unzip.ts";

// The first program of a task on Fargate: loads its code, the runner's and the user's, from the bucket of the CDK's
// assets, and starts it. It stands in the task definition as text and runs with nothing but the image's Node and SDK;
// the image has neither tar nor unzip.

const { EPOQUE_CODE_BUCKET: Bucket, EPOQUE_CODE_KEY: Key, LAMBDA_TASK_ROOT: root = "/var/task" } = process.env;

async function load(): Promise<void> {
  const client = new S3Client({ maxAttempts: 5 });
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const archive = await Body?.transformToByteArray();
  if (archive === undefined) throw new Error(`the code ${Bucket}/${Key} is empty`);
  for (const { path, mode, content } of unzip(Buffer.from(archive))) {
    const file = join(root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content(), { mode });
  }
  process.chdir(root);
  await import(pathToFileURL(join(root, "index.mjs")).href);
}

load().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
