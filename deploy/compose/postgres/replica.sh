#!/bin/sh
# A replica of $PRIMARY in $PGDATA. The first start copies the primary, to a folder beside it: a copy that was broken off is
# begun again. A slot keeps the primary from removing what the replica still needs.
set -eu
slot=replica
if [ ! -d "$PGDATA" ]; then
  rm -rf "$PGDATA.copy"
  psql --quiet --host "$PRIMARY" --username postgres --dbname postgres --output /dev/null --command \
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot' AND NOT active"
  pg_basebackup --host "$PRIMARY" --username postgres --pgdata "$PGDATA.copy" --wal-method stream --checkpoint fast \
    --create-slot --slot "$slot" --write-recovery-conf
  chmod 700 "$PGDATA.copy"
  mv "$PGDATA.copy" "$PGDATA"
fi
exec postgres "$@"
