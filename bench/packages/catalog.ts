import { data } from "./data.ts";
import { documents } from "./documents.ts";
import { services } from "./services.ts";

/** One popular package, and a function that really uses it without a network. */
export interface PackageCase {
  /** Its name; also the function's, in letters that a function's name may have. */
  name: string;
  /** Other packages that its users install with it. */
  with?: readonly string[];
  imports: string;
  /** The body of the function. */
  body: string;
  /** The function's return value. */
  expected: unknown;
}

/** By kind. The packages of a kind are installed in one project. */
export const catalog: Readonly<Record<string, readonly PackageCase[]>> = { ...data, ...documents, ...services };
