/** What our own files end in, for those that are started by their path: in the package they are JavaScript. */
export const SOURCE_EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
