import { asNextRoute } from "@defer/client/next";
import type { NextRequest } from "next/server";
import checkContacts from "@/defer/checkContacts";

const MAX_LENGTH = 100_000;

const { GetHandler, PostHandler } = asNextRoute(checkContacts, {
  // Everything that a browser sends comes through here: check who it is, and pass on what you expect and no more.
  async proxy(request: NextRequest): Promise<[string]> {
    const [text] = (await request.json()) as [unknown];
    return [String(text).slice(0, MAX_LENGTH)];
  },
});

export { GetHandler as GET, PostHandler as POST };
