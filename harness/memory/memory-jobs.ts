import { isBulkJob, type Job } from "../../lambdas/core/jobs/job.ts";
import { isBefore } from "../../lambdas/core/listing/postings.ts";
import type { JobMessage, JobMessages, Jobs } from "../../lambdas/core/ports.ts";
import { frozen } from "./frozen.ts";

/** The jobs, whose list is never late here. */
export function memoryJobs(): Jobs & { jobs: Map<string, Job> } {
  const jobs = new Map<string, Job>();
  return {
    jobs,
    async get(id) {
      return jobs.get(id);
    },
    async getMany(ids) {
      const found = ids.map((id) => jobs.get(id)).filter((it) => it !== undefined);
      return new Map(found.map((job) => [job.id, job]));
    },
    async create(job) {
      if (jobs.has(job.id)) return "exists";
      jobs.set(job.id, frozen(job));
      return "created";
    },
    async apply({ from, to }) {
      if (jobs.get(from.id)?.version !== from.version) return "lost";
      jobs.set(from.id, frozen(to));
      return "applied";
    },
    async read({ direction, from, to, limit }) {
      const keys = [...jobs.values()]
        .filter(isBulkJob)
        .map(({ id }) => id)
        .filter((it) => (from === undefined || !isBefore(it, from, direction)) && !(to && isBefore(to, it, direction)))
        .sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
      return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
    },
  };
}

export function recordingJobMessages(): JobMessages & { sent: { message: JobMessage; delaySeconds: number }[] } {
  const sent: { message: JobMessage; delaySeconds: number }[] = [];
  return {
    sent,
    async send(message, delaySeconds) {
      sent.push({ message, delaySeconds });
    },
  };
}
