/** How no comment begins: say the subject first, or begin with a verb. */
export const openers = /^(What|Who|Whoever|Whatever|Of|So (long|many|often|far)|Where nothing)\b/;

/** How no docstring begins: say what it is, or what it does. */
export const docOpeners = /^(Where|Which|That|Those)\b/;

/** House words and turns of phrase, each with what to write instead and an example. */
export const words: readonly { word: RegExp; instead: string; example: string }[] = [
  { word: /\b(front )?door\b|\bfront entrance\b/i, instead: "gateway", example: "the door checks it" },
  { word: /\bjournal(s|led)?\b/i, instead: "log, metrics", example: "const journals = []" },
  {
    word: /\b(interface|type) Asked\b|\b(asker|HeldPolicy)\b/,
    instead: "AuthorizationRequest, …Request",
    example: "interface Asked {",
  },
  { word: /\bjudge[ds]?\b/i, instead: "evaluate", example: "the policy judges the call" },
  { word: /\breplaceable\b|\bkept stack/i, instead: "stateless, stateful", example: "the kept stack" },
  { word: /\blookAgainAtMs\b/, instead: "recheckAtMs", example: "lookAgainAtMs: 1" },
  { word: /\btroubles?\b|\b(onTrouble|troubled)\b/i, instead: "onError, errors", example: "const troubles = []" },
  { word: /\binTurns\b/, instead: "mapConcurrently", example: "await inTurns(work)" },
  { word: /\blateIn[A-Z]\w*|\blateIsAlone\b/, instead: "lazy", example: "const lateInLambdas = []" },
  { word: /\btellDenials\b/, instead: "logDenials", example: "tellDenials()" },
  { word: /\bENDING\b|\bconst ending\b/, instead: "SOURCE_EXTENSION", example: 'const ending = ".ts"' },
  { word: /\bMOST_[A-Z]|\bmost[A-Z]\w*/, instead: "MAX_…, max…", example: "mostMs: number" },
  { word: /\bturn(s|ed)? away\b|\bturnAway\b/i, instead: "reject", example: "it is turned away" },
  { word: /\b(cancelAbove|isLimited)\b/, instead: "capacity, rejected", example: "if (isLimited)" },
  { word: /\b(occupy|vacate)[A-Z(]/, instead: "acquireSlot, releaseSlot", example: "await occupy(slot)" },
  {
    word: /\b(AttemptEnd|ProcessEnd|EndMessage|endOf|endAttempt|endedAttempt\w*)\b|\b(type|interface|class|const) End(ed)?\b/,
    instead: "Outcome, ExitReason, completeAttempt",
    example: "type End = string",
  },
  {
    word: /^\s*(export )?(type|interface|class) (Event|Request|Response)\b/,
    instead: "ExecutionEvent, ApiRequest, …: a name that is no global",
    example: "export interface Request {",
  },
  { word: /\b(dueAtMs|scheduleForMs)\b/, instead: "scheduledAtMs", example: "dueAtMs: 1" },
  {
    word: /\b(looked after|looks after|look after)\b/i,
    instead: "checked, recovered",
    example: "a sweep looks after it",
  },
  { word: /\b(is|are|was|were|be) waited for\b/i, instead: "wait for …", example: "its end is waited for" },
  { word: /\bput off\b/i, instead: "postponed, delayed", example: "it is put off" },
  {
    word: /\bwr[io]t\w* ([\w`.-]+ ){0,8}down\b/i,
    instead: "write, record, store",
    example: "Writes a new execution of it down",
  },
  { word: /\bthat is not understood\b/, instead: "unsupported", example: "a policy that is not understood" },
  { word: /\bwhat is no \w+/, instead: "a value that is not …", example: "throws what is no error" },
];
