#!/bin/sh
# Run by the image once, on a new database: replicas may connect, with the password.
set -eu
echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
