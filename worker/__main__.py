"""`python -m worker` is the `onrecord` command."""

from worker.cli import main

main()
