/** How no comment begins: say the subject first, or begin with a verb. */
export const openers = /^(What|Who|Whoever|Whatever|Of|So (long|many|often|far)|Where nothing)\b/;

/** House words and turns of phrase, each with what to write instead. */
export const words: readonly (readonly [RegExp, string])[] = [
  [/\b(front )?door\b|\bfront entrance\b/i, "gateway"],
  [/\bjournal\b/i, "log, metrics"],
  [/\breplaceable\b|\bkept stack/i, "stateless, stateful"],
  [/\blookAgainAtMs\b/, "recheckAtMs"],
  [/\b(onTrouble|troubled)\b/, "onError, errors"],
  [/\b(inTurns|lateIsAlone|tellDenials|HeldPolicy|dueAtMs|scheduleForMs)\b/, "the name in CONTRIBUTING.md"],
  [/\bMOST_[A-Z]/, "MAX_…"],
  [/\bturn(s|ed)? away\b/i, "reject"],
  [/\b(looked after|looks after|look after)\b/i, "checked, recovered"],
  [/\b(is|are|was|were|be) waited for\b/i, "wait for …"],
  [/\bput off\b/i, "postponed, delayed"],
  [/\bwritten down\b|\bwrites? .{1,20} down\b/i, "write, record, store"],
  [/\bthat is not understood\b/, "unsupported"],
  [/\bwhat is no \w+/, "a value that is not …"],
];
