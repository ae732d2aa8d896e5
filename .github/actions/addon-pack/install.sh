#!/usr/bin/env bash
# Downloads a release, checks it against its checksums, and puts it on the PATH of the steps that follow.
# Reads VERSION, REPOSITORY (owner/name), SERVER; RUNNER_TEMP, GITHUB_PATH and GITHUB_OUTPUT as the runner sets them.
set -euo pipefail

[[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || {
  echo "::error::version is \`$VERSION\`, expected a release such as v0.1.0"
  exit 2
}
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) name=linux-amd64 ;;
  Linux-aarch64 | Linux-arm64) name=linux-arm64 ;;
  *) echo "::error::there is no release for $(uname -s) on $(uname -m)" && exit 2 ;;
esac

archive=addon-pack-$name.tar.gz
from=$SERVER/$REPOSITORY/releases/download/$VERSION
to=$RUNNER_TEMP/addon-pack-$VERSION
mkdir -p "$to"
cd "$to"
for file in "$archive" SHA256SUMS; do
  curl --fail --silent --show-error --location --retry 3 --output "$file" "$from/$file"
done
# the list names all archives; this one must be on it
grep --fixed-strings "  $archive" SHA256SUMS > this.sha256 || { echo "::error::SHA256SUMS does not name $archive" && exit 1; }
sha256sum --check --quiet this.sha256
tar -xzf "$archive" addon-pack
./addon-pack --version
echo "$to" >> "$GITHUB_PATH"
echo "path=$to" >> "$GITHUB_OUTPUT"
