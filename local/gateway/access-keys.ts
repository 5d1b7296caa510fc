import { randomBytes } from "node:crypto";

/** Owner of an access key. */
export type Caller =
  /** The administrator of the account: everything is allowed. */
  | { kind: "operator" }
  /** A Lambda function, or a task on Fargate by its family, with the permissions of its role. */
  | { kind: "function"; functionName: string; roleArn: string }
  /** A service of AWS that acts in a role of the account: `scheduler.amazonaws.com`. */
  | { kind: "service"; service: string; roleArn: string };

/** An access key and its owner. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  caller: Caller;
}

/** The access keys of the cloud, new at every start. */
export class AccessKeys {
  readonly #byKey = new Map<string, AccessKey>();

  issue(caller: Caller): AccessKey {
    const key = {
      accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      caller,
    };
    this.#byKey.set(key.accessKeyId, key);
    return key;
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#byKey.get(accessKeyId);
  }

  revoke({ accessKeyId }: AccessKey): void {
    this.#byKey.delete(accessKeyId);
  }
}
