#!/bin/sh
# Roles, databases and migrations of every service; safe to run at each start.
set -eu
for folder in services/*/migrations; do
    service=$(basename "$(dirname "$folder")")
    name=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DB_PASSWORD
    eval "export ALLER_DB_PASSWORD=\$$name"
    python -m servicekit provision "${service}_service"
    python -m servicekit migrate "${service}_service"
done
