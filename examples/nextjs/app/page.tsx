import { AutoRefresh } from "@/components/AutoRefresh";
import { ImportForm } from "@/components/ImportForm";
import { ImportList } from "@/components/ImportList";
import { isPending } from "@/components/StateBadge";
import { listImports } from "@/lib/imports";

export const dynamic = "force-dynamic";

interface Props {
  searchParams: Promise<{ after?: string | string[] }>;
}

export default async function Page({ searchParams }: Props) {
  const { after } = await searchParams;
  const cursor = typeof after === "string" ? after : undefined;
  const page = await listImports(cursor);
  return (
    <>
      <h1>Contact imports</h1>
      <p className="lead">Paste contacts and go on working. We import them in the background and welcome everybody.</p>
      <div className="columns">
        <ImportForm />
        <ImportList {...page} isFirst={cursor === undefined} />
      </div>
      <AutoRefresh active={page.imports.some(({ state }) => isPending(state))} />
    </>
  );
}
