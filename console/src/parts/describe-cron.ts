const DAYS = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

const ALIASES: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Says in words when a usual cron expression ticks; an unusual one is returned as it is. */
export function describeCron(cron: string): string {
  const fields = (ALIASES[cron.trim()] ?? cron).trim().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5 || month !== "*") return cron;
  const isEveryDay = day === "*" && weekday === "*";
  const every = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (isEveryDay && hour === "*") {
    if (minute === "*") return "every minute";
    if (every !== undefined) return `every ${every} minutes`;
    return isNumber(minute) ? `hourly at minute ${minute}` : cron;
  }
  if (!isNumber(minute) || !isNumber(hour)) return cron;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (isEveryDay) return `daily at ${time}`;
  if (day === "*" && weekday === "1-5") return `weekdays at ${time}`;
  if (day === "*" && isNumber(weekday)) return `${DAYS[Number(weekday)] ?? weekday} at ${time}`;
  if (day === "L" && weekday === "*") return `the last day of each month at ${time}`;
  if (isNumber(day) && weekday === "*") return `day ${day} of each month at ${time}`;
  return cron;
}

function isNumber(field: string): boolean {
  return /^\d{1,2}$/.test(field);
}
