import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = { title: "Contact imports", description: "Background imports with Epoque" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header className="bar">
          <Link href="/" className="brand">
            <span aria-hidden="true" className="logo" />
            Rolodex
          </Link>
          <span className="user">Ada Lovelace</span>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
