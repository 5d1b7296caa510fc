/** Stands for rows that are being loaded. */
export function RowsLoading({ count = 8 }: { count?: number }) {
  return (
    <div role="status" aria-label="Loading" className="border-y border-line bg-surface md:mx-6 md:rounded-xl md:border">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} className="flex h-11 items-center gap-4 border-b border-line px-4 last:border-b-0">
          <span className="h-5 w-24 motion-safe:animate-shimmer rounded-full bg-sunken" />
          <span className="h-3.5 w-40 motion-safe:animate-shimmer rounded bg-sunken" />
          <span className="ml-auto h-3.5 w-20 motion-safe:animate-shimmer rounded bg-sunken" />
        </div>
      ))}
    </div>
  );
}
