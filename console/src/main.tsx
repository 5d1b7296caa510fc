import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query-client.ts";
import { router } from "./router.tsx";
import { Confirmation } from "./shell/confirm.tsx";
import { SignedIn } from "./shell/signed-in.tsx";
import { applyTheme } from "./shell/theme.ts";
import { Notices } from "./ui/notices.tsx";
import "./styles.css";

applyTheme();

const root = document.getElementById("console");
if (root === null) throw new Error("the page has no element for the console");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SignedIn>
        <RouterProvider router={router} />
      </SignedIn>
      <Confirmation />
      <Notices />
    </QueryClientProvider>
  </StrictMode>,
);
