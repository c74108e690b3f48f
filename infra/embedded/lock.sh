#!/bin/sh
# Versions already locked stay, unless UPGRADE=1; hashes are recorded, addresses are not.
# One lock for working here, and the services' part of it for the container image.
set -eu
cd "$(dirname "$0")/../.."
# Packages of this repository are named by their folders: a new service needs no line here.
ours="--no-emit-package embedded --no-emit-package servicekit"
for folder in services/*/; do
    ours="$ours --no-emit-package $(basename "$folder")-service"
done
lock() {
    file=$1
    shift
    UV_PYTHON_DOWNLOADS=never .venv/bin/python -m uv pip compile -q --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --output-file "$file" \
        $ours "$@"
}
lock requirements.txt ${UPGRADE:+--upgrade} --group pyproject.toml:dev infra/embedded/pyproject.toml services/*/pyproject.toml
lock infra/docker/requirements.txt --constraint requirements.txt services/*/pyproject.toml
