#!/usr/bin/env bash
# Chromium for the tests of the page. Debian's and Ubuntu's packages are tried, as root or with sudo; then there must be one.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
export DEBIAN_FRONTEND=noninteractive
for _ in 1 2 3; do
  "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq update || true # what is known already may do
  if "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends chromium; then
    command -v chromium
    exit 0
  fi
  sleep 10
done
echo "There is no Chromium, and none can be installed: the page cannot be tested." >&2
exit 1
