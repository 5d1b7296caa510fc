import { defer } from "@defer/client";

/** Stands in for a mail: one at a time, in order of arrival. */
async function welcomeContact(name: string, email: string): Promise<string> {
  console.log(`welcoming ${name} <${email}>`);
  return `Welcomed ${name}`;
}

export default defer(welcomeContact, { concurrency: 1 });
