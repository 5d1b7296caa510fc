import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, Download, ScrollText, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type LogLine, logsQuery } from "../api/logs.ts";
import type { Execution } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { download } from "../ui/download.ts";
import { Empty } from "../ui/empty.tsx";

const LINE_HEIGHT = 24;

/** The lines that an attempt has written, followed while it runs. */
export function LogsTab({ attempt }: { attempt: Execution }) {
  const isRunning = attempt.state === "started" || attempt.state === "aborting";
  const { data: lines, error } = useQuery(logsQuery(attempt.id, isRunning));
  const [wanted, setWanted] = useState("");
  const [isFollowing, setIsFollowing] = useState(true);
  if (error !== null) return <Empty title="The log could not be loaded">{error.message}</Empty>;
  if (lines === undefined) return <div className="h-40" aria-busy="true" />;
  const found = wanted === "" ? lines : lines.filter(({ line }) => line.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <div className="relative min-w-40 flex-1 sm:max-w-64">
          <Search className="absolute top-2 left-2.5 size-4 text-muted" aria-hidden="true" />
          <input
            aria-label="Search the log"
            placeholder="Search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            className="h-8 w-full rounded-lg border border-strong-line bg-surface pr-2 pl-8 placeholder:text-muted"
          />
        </div>
        <span role="status" className="text-xs text-muted tabular">
          {wanted === ""
            ? `${lines.length.toLocaleString()} ${lines.length === 1 ? "line" : "lines"}`
            : `${found.length.toLocaleString()} of ${lines.length.toLocaleString()}`}
        </span>
        {isRunning && (
          <span className="flex items-center gap-1.5 text-xs font-medium text-busy">
            <span className="size-1.5 rounded-full bg-busy motion-safe:animate-pulse-dot" aria-hidden="true" /> live
          </span>
        )}
        <span className="ml-auto flex gap-2">
          {isRunning && (
            <Button
              aria-pressed={isFollowing}
              onClick={() => setIsFollowing(!isFollowing)}
              kind={isFollowing ? "plain" : "quiet"}
            >
              <ArrowDownToLine className="size-4" aria-hidden="true" /> Follow
            </Button>
          )}
          <Button
            kind="quiet"
            disabled={lines.length === 0}
            onClick={() => download(`${attempt.id}.log`, asText(lines), "text/plain")}
          >
            <Download className="size-4" aria-hidden="true" /> Download
          </Button>
        </span>
      </div>
      {found.length === 0 ? (
        <Empty
          icon={<ScrollText className="size-6" aria-hidden="true" />}
          title={
            wanted !== "" ? "No line has that in it" : isRunning ? "Nothing was written yet" : "Nothing was written"
          }
        >
          {wanted === "" && "Lines that the function writes with console.log and console.error appear here."}
        </Empty>
      ) : (
        <Lines lines={found} isFollowing={isFollowing && isRunning} onScrollUp={() => setIsFollowing(false)} />
      )}
    </div>
  );
}

function Lines({
  lines,
  isFollowing,
  onScrollUp,
}: {
  lines: readonly LogLine[];
  isFollowing: boolean;
  onScrollUp: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [isFollowing, lines.length, virtual]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && onScrollUp()}
      className="max-h-[32rem] overflow-auto bg-sunken py-2 font-mono text-[13px]"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className={classes(
                "absolute inset-x-0 top-0 grid grid-cols-[auto_1fr] gap-3 px-4 leading-6",
                line.stream === "stderr" && "bg-bad-soft text-bad",
              )}
              style={{ transform: `translateY(${start}px)` }}
            >
              <time dateTime={line.time} className="text-muted select-none">
                {clock.format(Date.parse(line.time))}
              </time>
              <span className="min-w-0 break-all whitespace-pre-wrap">
                {line.stream === "stderr" && <span className="sr-only">stderr: </span>}
                {line.line}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

function asText(lines: readonly LogLine[]): string {
  return lines.map(({ time, stream, line }) => `${time} ${stream} ${line}\n`).join("");
}
