#!/usr/bin/env bash
# Writes the CUE workloads of the comparison into a folder: workloads.sh DIR
# Each is named after what it stresses; the sizes are the ones that the figures in docs/benchmarks.md are given for.
set -euo pipefail
dir=${1:?usage: workloads.sh DIR}
mkdir -p "$dir"

# a file as people write it by hand
cat > "$dir/small.cue" <<'CUE'
package small

#Service: {
	name:  string
	port:  int & >0 & <65536 | *80
	tags?: [...string]
}

services: [Name=string]: #Service & {name: Name}
services: {
	web: port: 8080
	db: tags: ["primary"]
	cache: {}
}
total: len(services)
urls: [for n, s in services {"http://\(n):\(s.port)"}]
CUE

# 5,000 items, each unified with one definition
{
  echo '#Item: {id: int, name: string, kind: "a" | "b" | *"c", size: int & >=0 & <=100000, labels: [string]: string}'
  echo 'items: [...#Item]'
  echo 'items: ['
  awk 'BEGIN { for (i = 0; i < 5000; i++) printf "\t{id: %d, name: \"item-%d\", size: %d, labels: app: \"x%d\"},\n", i, i, i % 1000, i % 7 }'
  echo ']'
} > "$dir/items.cue"

# 1,000 four-way disjunctions of structs, told apart by one field
{
  echo '#T: {kind: "a", a: int} | {kind: "b", b: string} | {kind: "c", c: bool} | {kind: "d", d: [...int]}'
  awk 'BEGIN {
    split("a: 1|b: \"s\"|c: true|d: [1, 2]", v, "|"); split("a b c d", k, " ")
    for (i = 0; i < 1000; i++) { j = i % 4 + 1; printf "x%d: #T & {kind: \"%s\", %s}\n", i, k[j], v[j] }
  }'
} > "$dir/disjunctions.cue"

# a chain of 3,000 references
awk 'BEGIN { print "a0: 1"; for (i = 1; i < 3000; i++) printf "a%d: a%d + 1\n", i, i - 1 }' > "$dir/chain.cue"

# 6,000 fields in one struct, given twice
{
  awk 'BEGIN { print "s: {"; for (i = 0; i < 6000; i++) printf "\tf%d: int\n", i; print "}" }'
  awk 'BEGIN { print "s: {"; for (i = 0; i < 6000; i++) printf "\tf%d: %d\n", i, i; print "}" }'
} > "$dir/wide.cue"

# a comprehension over 2,000 elements that makes structs
{
  echo 'import "list"'
  echo 'src: list.Range(0, 2000, 1)'
  echo 'out: {for i in src if i rem 2 == 0 {"k\(i)": {value: i, square: i * i, name: "n-\(i)"}}}'
} > "$dir/comprehension.cue"
