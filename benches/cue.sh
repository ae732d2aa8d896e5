#!/usr/bin/env bash
# Compares `addon-pack cue export` with the real `cue export` as whole processes, in one run.
#   benches/cue.sh [RUNS]
# CUE names the reference binary (default: `cue` on the PATH); ADDON_PACK ours (default: target/release/addon-pack).
# Prints the best wall time of RUNS (default 5) and the peak memory where GNU time is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-5}
cue=${CUE:-cue}
ours=${ADDON_PACK:-target/release/addon-pack}
command -v "$cue" >/dev/null || { echo "no reference binary \`$cue\`: set CUE" >&2; exit 2; }
[ -x "$ours" ] || { echo "no \`$ours\`: cargo build --release" >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
benches/workloads.sh "$dir"

# best wall time in milliseconds over the runs
best() {
  local least=999999999 from to took
  for _ in $(seq "$runs"); do
    from=${EPOCHREALTIME/./}
    "$@" >/dev/null 2>&1 || { echo failed; return; }
    to=${EPOCHREALTIME/./}
    took=$((to - from))
    ((took < least)) && least=$took
  done
  awk -v us="$least" 'BEGIN { printf "%.1f", us / 1000 }'
}
# peak memory in MiB
peak() {
  [ -x /usr/bin/time ] || { echo -; return; }
  /usr/bin/time -f %M -o "$dir/mem" "$@" >/dev/null 2>&1 || true
  awk 'END { printf "%.0f", $1 / 1024 }' "$dir/mem"
}

printf '%-16s %10s %10s %7s %9s %9s  %s\n' workload 'cue ms' 'ours ms' ratio 'cue MiB' 'ours MiB' output
for file in "$dir"/*.cue; do
  name=$(basename "$file" .cue)
  theirs_ms=$(best "$cue" export "$file")
  ours_ms=$(best "$ours" cue export "$file")
  same=differs
  cmp -s <("$cue" export "$file" 2>/dev/null) <("$ours" cue export "$file" 2>/dev/null) && same=equal
  ratio=$(awk -v a="$ours_ms" -v b="$theirs_ms" 'BEGIN { if (a + 0 > 0 && b + 0 > 0) printf "%.2f", a / b; else printf "-" }')
  printf '%-16s %10s %10s %7s %9s %9s  %s\n' "$name" "$theirs_ms" "$ours_ms" "$ratio" \
    "$(peak "$cue" export "$file")" "$(peak "$ours" cue export "$file")" "$same"
done
