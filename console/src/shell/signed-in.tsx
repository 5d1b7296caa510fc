import { type ReactNode, useEffect, useState } from "react";
import { answer, api } from "../api/api.ts";
import { queryClient } from "../api/query-client.ts";
import { takeCode, token } from "../api/token.ts";
import { useStore } from "../state/store.ts";
import { SignIn } from "./sign-in.tsx";

/** Shows its children to whoever has a token: from a one-time code in the address, or as typed. */
export function SignedIn({ children }: { children: ReactNode }) {
  const current = useStore(token);
  const [exchange, setExchange] = useState<"none" | "running" | { problem: string }>("none");
  useEffect(() => {
    const signIn = () => {
      // It is taken from the address: an effect may run twice, a code is good once.
      const code = takeCode();
      if (code === undefined) return;
      setExchange("running");
      answer(api.POST("/console/session", { body: { code } })).then(
        ({ data }) => {
          token.set(data.token);
          setExchange("none");
          // Another token may have other rights.
          void queryClient.invalidateQueries();
        },
        (error: Error) => setExchange({ problem: error.message }),
      );
    };
    signIn();
    // An address opened where the console is shown already loads nothing.
    addEventListener("hashchange", signIn);
    return () => removeEventListener("hashchange", signIn);
  }, []);
  if (current !== undefined) return children;
  if (exchange === "running") return <p className="p-8 text-muted">Signing in …</p>;
  return <SignIn problem={typeof exchange === "object" ? exchange.problem : undefined} />;
}
