/** Texts that do harm where they are taken for more than text: 200 and more, each marked by its number. */
export const hostileTexts: readonly string[] = ((): string[] => {
  const tags = ["img", "svg", "iframe", "script", "style", "a", "object", "video", "math", "details"];
  const attributes = ["onerror", "onload", "ontoggle", "onmouseover", "onfocus", "style", "href", "srcdoc"];
  const marked = tags.flatMap((tag, row) =>
    attributes.map((attribute, column) => {
      const number = row * attributes.length + column;
      return `"><${tag} src=x ${attribute}="globalThis.harmed=${number}">t${number}</${tag}>`;
    }),
  );
  const others = [
    "javascript:globalThis.harmed=1",
    "data:text/html,<script>globalThis.harmed=1</script>",
    "{{constructor.constructor('globalThis.harmed=1')()}}",
    "#{globalThis.harmed=1}",
    "<!--",
    "-->",
    "]]>",
    "</script><script>globalThis.harmed=1</script>",
    "</textarea><script>globalThis.harmed=1</script>",
    "\u202Egnp.exe",
    "\u0000\u0007\u001b[31m",
    "\ud800",
    "__proto__",
    "constructor",
    "%3Cscript%3E",
    "&lt;b&gt;&amp;&#60;",
    "'; DROP TABLE executions; --",
    "../../../etc/passwd",
    "\\u003cscript\\u003e",
    "a".repeat(5_000),
    "ﷺ".repeat(50),
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "👩‍👩‍👧‍👦",
    "\n\n\n",
    "   ",
  ];
  const numbered = Array.from({ length: 200 - marked.length - others.length }, (_, index) => {
    return `<b title='${index}' onclick=globalThis.harmed=1>${index}</b>`;
  });
  return [...marked, ...others, ...numbered];
})();

/** Texts that metadata takes: printable ASCII, at most 256 characters. */
export const hostileMetadata: Readonly<Record<string, string>> = Object.fromEntries(
  hostileTexts
    .filter((text) => /^[ -~]{1,200}$/.test(text) && text !== "__proto__")
    .slice(0, 24)
    .map((text, index) => [`${text.slice(0, 60)} ${index}`, text]),
);
