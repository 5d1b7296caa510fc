import { defer } from "@defer/client";

/** Says welcome, in order of arrival: one after the other. */
async function welcomeContact(name: string, email: string): Promise<void> {
  console.log(`Welcome, ${name} <${email}>!`);
}

export default defer(welcomeContact, { concurrency: 1 });
