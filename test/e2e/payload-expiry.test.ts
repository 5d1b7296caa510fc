import { DeleteObjectCommand, GetObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { aCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";

const MINUTE_MS = 60_000;
const large = "x".repeat(20_000);
const in_ = (ms: number) => new Date(Date.now() + ms).toISOString();

it("large arguments begin to expire when their execution has ended, whoever ends it, and not before", async () => {
  await using running = await aCloud({ dynamodb: "dynalite" });
  const { calls, cloud } = running;
  const s3 = new S3Client({ ...running.client, forcePathStyle: true });
  const Bucket = cloud.resources.find(({ type }) => type === "AWS::S3::Bucket")?.physicalId;
  const isExpiring = async (id: string) => {
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: `arguments/echo/${id}.json` }));
    return TagSet.some(({ Key, Value }) => Key === "ended" && Value === "true");
  };
  const nextYear = { schedule_for: in_(400 * 24 * 60 * MINUTE_MS) };

  const ran = await calls.enqueue("echo", [large]);
  const cancelled = await calls.enqueue("echo", [large], nextYear);
  const discarded = await calls.enqueue("echo", [large], {
    schedule_for: in_(20 * MINUTE_MS),
    discard_after: in_(2 * MINUTE_MS),
  });
  const waiting = await calls.enqueue("echo", [large], nextYear);
  await calls.send("POST", `/${cancelled}/cancellation`);
  await calls.ended(ran);
  const { data } = (await calls.send("POST", `/${ran}/reruns`)) as { data: { id: string } };
  await calls.send("POST", `/${cancelled}/reruns`);
  await cloud.advanceClock(4 * MINUTE_MS);
  for (const id of [ran, cancelled, discarded, data.id]) await until(() => isExpiring(id), Boolean);
  expect(await calls.ended(discarded)).toMatchObject({ state: "discarded" });
  expect(await isExpiring(waiting)).toBe(false);

  await calls.send("PATCH", `/${waiting}/schedule`, {});
  expect(await calls.ended(waiting)).toMatchObject({ state: "succeed" });
  await until(() => isExpiring(waiting), Boolean);
  expect(await calls.send("GET", `/${waiting}/arguments`)).toEqual([large]);

  // S3's lifecycle rule does this when the retention is over.
  await s3.send(new DeleteObjectCommand({ Bucket, Key: `arguments/echo/${ran}.json` }));
  const gone = /404 .*"error":"not_found".*no longer kept/;
  await expect(calls.send("GET", `/${ran}/arguments`)).rejects.toThrow(gone);
  await expect(calls.send("POST", `/${ran}/reruns`)).rejects.toThrow(gone);
});
