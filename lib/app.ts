import { createRequire } from "node:module";
import { App, type AppProps } from "aws-cdk-lib";

// The flags that the CDK recommends for a new app. They are set here and not in cdk.json, so that the local run makes
// the very same templates.
const recommended = createRequire(import.meta.url)("aws-cdk-lib/recommended-feature-flags.json") as object;

/**
 * The CDK app, the same for `cdk` and for `npm start`. `builtinCloudFormationValidation`: whether the CDK checks the
 * templates by its rules, which takes longer than all the rest. `treeMetadata`: whether it also writes the tree of
 * constructs.
 */
export function newApp(props: Pick<AppProps, "outdir" | "builtinCloudFormationValidation" | "treeMetadata"> = {}): App {
  return new App({
    ...props,
    analyticsReporting: false,
    context: {
      ...recommended,
      "@aws-cdk/core:validateAgainstDefaultRules": true,
      // An export that is in use must not go away under who uses it.
      "@aws-cdk/core:defaultCrossStackReferences": "strong",
    },
  });
}
