/** Extension of our own files, for those that are started by path: in the package they are JavaScript. */
export const SOURCE_EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
