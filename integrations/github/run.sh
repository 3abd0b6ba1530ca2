#!/usr/bin/env bash
# The step of action.yml: annotations to the log, findings to a SARIF file, the plan to the step's summary and, if asked, to one comment.
set -uo pipefail

args=("$INPUT_COMMAND")
[ -n "$INPUT_FILENAME" ] && args+=(-f "$INPUT_FILENAME")
[ -n "$INPUT_CLUSTER" ] && args+=(--cluster "$INPUT_CLUSTER")
[ -n "$INPUT_FAIL_ON" ] && args+=(--fail-on "$INPUT_FAIL_ON")
args+=(-o github -o "sarif=$INPUT_SARIF")
markdown="${RUNNER_TEMP:-/tmp}/kubeplan.md"
plan="${RUNNER_TEMP:-/tmp}/kubeplan.json"
[ "$INPUT_COMMAND" = plan ] && args+=(-o "markdown=$markdown" -o "json=$plan")
# Words of the input are words of the command line.
read -ra more <<< "$INPUT_ARGS"

rm -f "$markdown" "$plan"
npx --yes "kubeplan@$INPUT_VERSION" "${args[@]}" ${more[@]+"${more[@]}"}
code=$?
echo "exit-code=$code" >> "$GITHUB_OUTPUT"

if [ -f "$markdown" ]; then
  cat "$markdown" >> "$GITHUB_STEP_SUMMARY"
  echo "markdown=$markdown" >> "$GITHUB_OUTPUT"
  echo "changes=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).hasChanges' "$plan")" >> "$GITHUB_OUTPUT"
  if [ "$INPUT_COMMENT" = true ] && [ -n "$PULL_REQUEST" ]; then
    gh pr comment "$PULL_REQUEST" --edit-last --create-if-none --body-file "$markdown" ||
      echo "::warning title=kubeplan::the comment on the pull request could not be written"
  fi
fi
# Changes alone are no failure, whatever --detailed-exitcode says.
[ "$code" = 2 ] && exit 0
exit "$code"
