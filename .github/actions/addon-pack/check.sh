#!/usr/bin/env bash
# Checks the addons of PATHS. Findings are shown with their lines in the log and as annotations at the files (addon-pack
# writes them by itself where GITHUB_ACTIONS is set); SARIF names a file for the report besides.
# Reads PATHS, PROFILE, ARGUMENTS and SARIF; addon-pack is on the PATH.
set -euo pipefail

read -ra paths <<< "$PATHS"
read -ra arguments <<< "$ARGUMENTS"
if [ -n "$SARIF" ]; then
  # the report is for a dashboard, so findings do not end the step here
  addon-pack check "${paths[@]}" --profile "$PROFILE" "${arguments[@]}" --format sarif --exit-zero > "$SARIF"
fi
addon-pack check "${paths[@]}" --profile "$PROFILE" "${arguments[@]}"
