/** An execution with its arguments, as JSON text. */
export interface Call {
  function_name: string;
  metadata: Readonly<Record<string, string>>;
  arguments: string;
}

/** A command that enqueues the same again. The token is a variable: it must not get into a history or a chat. */
export function curlOf(call: Call, endpoint: string): string {
  const metadata = Object.keys(call.metadata).length > 0 ? `,"metadata":${JSON.stringify(call.metadata)}` : "";
  const body = `{"function_name":${JSON.stringify(call.function_name)},"function_arguments":${call.arguments}${metadata}}`;
  return [
    `curl -X PUT ${endpoint}/public/v2/executions \\`,
    '  -H "Authorization: Bearer $DEFER_TOKEN" -H "Content-Type: application/json" \\',
    `  -d ${quoted(body)}`,
  ].join("\n");
}

/** Code that enqueues the same again, with `@defer/client`. */
export function clientCodeOf(call: Call): string {
  const name = /^[A-Za-z_$][\w$]*$/.test(call.function_name) ? call.function_name : "deferred";
  const hasMetadata = Object.keys(call.metadata).length > 0;
  const callee = hasMetadata ? `assignOptions(${name}, { metadata: ${JSON.stringify(call.metadata)} })` : name;
  return [
    ...(hasMetadata ? ['import { assignOptions } from "@defer/client";'] : []),
    `import ${name} from ${JSON.stringify(`./defer/${call.function_name}`)};`,
    "",
    `const args = ${call.arguments} as const;`,
    `const { id } = await ${callee}(...args);`,
    "",
  ].join("\n");
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
