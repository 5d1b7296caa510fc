/** Something in a template that the local cloud does not know, or that is wrong there. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
