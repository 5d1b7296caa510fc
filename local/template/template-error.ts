/** An unsupported or invalid part of a template. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
