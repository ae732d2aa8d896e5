#!/usr/bin/env bash
# Compares `addon-pack build` with `vela addon package`, `helm package` and `tar -czf` as whole processes, in one run.
#   benches/build.sh ADDONS [RUNS]
# ADDONS is a folder of addons, one of them `fluxcd`. A peer that is not on the PATH is left out (VELA, HELM name others).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
addons=$(realpath "${1:?usage: benches/build.sh ADDONS [RUNS]}")
runs=${2:-10}
ours=$(realpath "${ADDON_PACK:-target/release/addon-pack}")
vela=${VELA:-vela}
helm=${HELM:-helm}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

measure() { # LABEL COMMAND...: best wall time in ms and peak memory in MiB, each run in an empty folder
  local label=$1 least=999999999 from to took mib=-
  shift
  for _ in $(seq "$runs"); do
    rm -rf "$scratch/out"; mkdir "$scratch/out"
    from=${EPOCHREALTIME/./}
    (cd "$scratch/out" && "$@" >/dev/null 2>&1) || true
    to=${EPOCHREALTIME/./}
    took=$((to - from))
    ((took < least)) && least=$took
  done
  if [ -x /usr/bin/time ]; then
    rm -rf "$scratch/out"; mkdir "$scratch/out"
    (cd "$scratch/out" && /usr/bin/time -f %M -o "$scratch/mem" "$@" >/dev/null 2>&1) || true
    mib=$(awk 'END { printf "%.0f", $1 / 1024 }' "$scratch/mem")
  fi
  printf '%-44s %9.1f ms %6s MiB\n' "$label" "$(awk -v us="$least" 'BEGIN { print us / 1000 }')" "$mib"
}

# the peers write Chart.yaml into their source: give them a copy
cp -r "$addons" "$scratch/copy"
measure 'addon-pack --version' "$ours" --version
measure 'addon-pack build --no-verify fluxcd' "$ours" build --no-verify -d . "$addons/fluxcd"
measure 'addon-pack build fluxcd' "$ours" build -d . "$addons/fluxcd"
command -v "$vela" >/dev/null && measure 'vela addon package fluxcd' "$vela" addon package "$scratch/copy/fluxcd"
command -v "$helm" >/dev/null && measure 'helm package fluxcd' "$helm" package "$scratch/copy/fluxcd"
measure 'addon-pack build --no-verify (all)' "$ours" build --no-verify -d . "$addons"
measure 'tar -czf (all)' tar -czf all.tgz -C "$addons" .
