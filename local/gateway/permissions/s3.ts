import { PARTITION } from "../../account.ts";
import { AwsFailure } from "../failures.ts";
import type { Permission, PermissionsOf } from "./permission.ts";

// Many operations of the API have an action of another name:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
const actions: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  GetObject: "GetObject",
  HeadObject: "GetObject",
  PutObject: "PutObject",
  CreateMultipartUpload: "PutObject",
  UploadPart: "PutObject",
  CompleteMultipartUpload: "PutObject",
  AbortMultipartUpload: "AbortMultipartUpload",
  DeleteObject: "DeleteObject",
};

/** Returns the permissions of an S3 call. @throws AwsFailure for an unsupported operation */
export const s3Permissions: PermissionsOf = ({ action, resource = "*" }, { headers }) => {
  const tagging = headers["x-amz-tagging"] === undefined ? [] : [{ action: "s3:PutObjectTagging", resource }];
  if (action === "CopyObject") {
    const source = decodeURIComponent(String(headers["x-amz-copy-source"])).replace(/^\//, "");
    return [
      { action: "s3:GetObject", resource: `arn:${PARTITION}:s3:::${source}` },
      { action: "s3:PutObject", resource },
      ...tagging,
    ];
  }
  const name = actions[action];
  if (name !== undefined) return [{ action: `s3:${name}`, resource }, ...tagging];
  throw new AwsFailure(501, "NotImplemented", `The local cloud does not know what permissions ${action} needs.`);
};

/** Returns the permission that a caller needs to see that an object is missing. */
export function mayKnowWhatIsThere(object: string): Permission {
  return { action: "s3:ListBucket", resource: object.split("/", 1)[0] ?? object };
}
