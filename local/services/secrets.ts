import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

interface Version {
  value: string;
  stages: string[];
  createdMs: number;
}

export interface Secret {
  arn: string;
  name: string;
  description?: string | undefined;
  createdMs: number;
  changedMs: number;
  versions: Record<string, Version>;
}

/** The secrets of Secrets Manager; kept in a file that only its owner can read, if one is given. */
export class Secrets {
  readonly #file: string | undefined;
  readonly #byArn = new Map<string, Secret>();

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    for (const secret of readSecrets(file)) this.#byArn.set(secret.arn, secret);
  }

  /** Finds a secret by ARN or name. */
  find(id: string): Secret | undefined {
    return this.#byArn.get(id) ?? [...this.#byArn.values()].find(({ name }) => name === id);
  }

  create(arn: string, name: string, description: string | undefined, value: string): void {
    const nowMs = Date.now();
    const versions = { [randomUUID()]: { value, stages: ["AWSCURRENT"], createdMs: nowMs } };
    this.#byArn.set(arn, { arn, name, description, createdMs: nowMs, changedMs: nowMs, versions });
    this.#save();
  }

  /** Adds a version. `AWSCURRENT` moves to it, and its former version becomes `AWSPREVIOUS`. */
  put(secret: Secret, versionId: string, value: string, stages: string[]): void {
    const current = Object.values(secret.versions).find((version) => version.stages.includes("AWSCURRENT"));
    const moved = stages.includes("AWSCURRENT") ? [...stages, "AWSPREVIOUS"] : stages;
    for (const version of Object.values(secret.versions)) {
      version.stages = version.stages.filter((stage) => !moved.includes(stage));
    }
    if (stages.includes("AWSCURRENT")) current?.stages.push("AWSPREVIOUS");
    secret.versions[versionId] = { value, stages, createdMs: Date.now() };
    // A version without a stage is deprecated and may be deleted by Secrets Manager at any time.
    secret.versions = Object.fromEntries(Object.entries(secret.versions).filter(([, { stages }]) => stages.length > 0));
    secret.changedMs = Date.now();
    this.#save();
  }

  describe(secret: Secret, description: string | undefined): void {
    secret.description = description;
    this.#save();
  }

  /** Removes a secret at once: there is no recovery window. */
  remove(arn: string): void {
    this.#byArn.delete(arn);
    this.#save();
  }

  #save(): void {
    if (this.#file === undefined) return;
    const next = `${this.#file}.new`;
    writeFileSync(next, JSON.stringify([...this.#byArn.values()]), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

function readSecrets(file: string): Secret[] {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return JSON.parse(readFileSync(file, "utf-8")) as Secret[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
