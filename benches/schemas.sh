#!/usr/bin/env bash
# Validation of Kubernetes objects beside kubeconform: the same objects, and schemas from the same documents, as whole
# processes: processor time, reading and parsing included.
#
#     KUBECONFORM=path benches/schemas.sh SOURCE OBJECTS [RUNS]
#
# SOURCE is the folder with the OpenAPI documents (1.31.json), OBJECTS one with YAML files, of which those kinds are taken that
# Kubernetes itself serves.
set -euo pipefail
SOURCE=$(cd "$1" && pwd)
OBJECTS=$(cd "$2" && pwd)
RUNS=${3:-5}
: "${KUBECONFORM:?the path of the kubeconform program}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --release -p kube-schema --example validate
OURS=$PWD/target/release/examples/validate
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

# kubeconform wants a JSON schema for each kind, with all that it refers to inside, closed for -strict
python3 - "$SOURCE/1.31.json" "$OBJECTS" "$SCRATCH" <<'PYTHON'
import json, pathlib, sys, yaml
source, objects, scratch = json.load(open(sys.argv[1])), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
definitions = source["definitions"]

def convert(schema, needed):
    made = {}
    for key, value in schema.items():
        if key == "$ref":
            needed.append(value.rsplit("/", 1)[1])
            made[key] = value
        elif key == "properties":
            made[key] = {name: convert(inner, needed) for name, inner in value.items()}
            made["additionalProperties"] = False
        elif key in ("items", "additionalProperties"):
            made[key] = convert(value, needed)
        elif key == "type":
            made[key] = [value, "null"]
        elif key in ("required", "format"):
            made[key] = value
    if schema.get("format") == "int-or-string":
        made = {"type": ["string", "integer", "null"]}
    return made

def inside(name):
    if name.endswith("resource.Quantity"):
        return {"type": ["string", "number", "null"]}, []
    needed = []
    return convert(definitions[name], needed), needed

(scratch / "schemas").mkdir()
served = {(kind["group"], kind["version"], kind["kind"]) for kind in source["served"]}
for name, schema in definitions.items():
    for kind in schema.get("x-kubernetes-group-version-kind", []):
        if (kind["group"], kind["version"], kind["kind"]) not in served:
            continue
        root, todo = inside(name)
        root["definitions"] = {}
        while todo:
            one = todo.pop()
            if one not in root["definitions"]:
                root["definitions"][one], more = inside(one)
                todo += more
        group = kind["group"].split(".")[0]
        suffix = "-".join(filter(None, [kind["kind"].lower(), group, kind["version"]]))
        (scratch / "schemas" / f"{suffix}.json").write_text(json.dumps(root))

seen, count = set(), 0
(scratch / "objects").mkdir()
for path in sorted(objects.rglob("*.yaml")):
    try:
        documents = list(yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader))
        texts = [json.dumps(one, sort_keys=True) for one in documents if isinstance(one, dict)]
    except (yaml.YAMLError, TypeError, UnicodeDecodeError):
        continue
    for text in texts:
        one = json.loads(text)
        api = str(one.get("apiVersion", ""))
        group, _, version = api.rpartition("/")
        if (group, version, one.get("kind")) in served and text not in seen:
            seen.add(text)
            (scratch / "objects" / f"{count:05}.yaml").write_text(yaml.dump(one, Dumper=yaml.CSafeDumper))
            count += 1
print(f"{count} objects")
PYTHON

TIMEFORMAT='%U %S'
best() { # least processor time in milliseconds of RUNS runs of a command whose result does not matter
    for _ in $(seq "$RUNS"); do
        { time "$@" >"$SCRATCH/out" 2>/dev/null || true; } 2>>"$SCRATCH/times"
    done
    awk '{ took = ($1 + $2) * 1000; if (NR == 1 || took < least) least = took } END { printf "%.0f ms\n", least }' "$SCRATCH/times"
    rm "$SCRATCH/times"
}

FILES=("$SCRATCH"/objects/*.yaml)
printf 'kubeconform -strict  '
best "$KUBECONFORM" -strict -summary -schema-location "$SCRATCH/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" "${FILES[@]}"
tail -1 "$SCRATCH/out"
printf 'ours                 '
best "$OURS" 1.31 "${FILES[@]}"
tail -1 "$SCRATCH/out"
