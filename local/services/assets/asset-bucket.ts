import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ACCOUNT, REGION } from "../../account.ts";
import { AwsFailure } from "../../gateway/failures.ts";
import type { Service } from "../../gateway/messages.ts";
import { zipFolder } from "./zip-folder.ts";

/** The bucket of the CDK's bootstrap stack, to which a deployment uploads assets. */
const BUCKET = `arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/**
 * `s3`, with the assets of the assembly as objects of the CDK's bucket: folders as the archives that the CDK makes of
 * them.
 */
export function withAssets(s3: Service, asset: (key: string) => string | undefined): Service {
  const archives = new Map<string, Buffer>();
  return async (call, request) => {
    const { action, resource = "" } = call;
    if (!resource.startsWith(`${BUCKET}/`)) return s3(call, request);
    if (action !== "GetObject") {
      throw new AwsFailure(501, "NotImplemented", `The local bucket of assets has no action "${action}".`);
    }
    const key = resource.slice(BUCKET.length + 1);
    const path = asset(key);
    if (path === undefined) throw new AwsFailure(404, "NoSuchKey", "The specified key does not exist.");
    const body = archives.get(key) ?? (statSync(path).isDirectory() ? zipFolder(path) : await readFile(path));
    archives.set(key, body);
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
  };
}
