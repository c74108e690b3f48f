#!/bin/sh
# Roles, databases and migrations of every service; safe to run at each start.
set -eu
for service in partners referrals gateway; do
    name=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DB_PASSWORD
    eval "export ALLER_DB_PASSWORD=\$$name"
    python -m servicekit provision "${service}_service"
    python -m servicekit migrate "${service}_service"
done
