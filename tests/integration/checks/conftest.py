"""The command `onrecord` on the test's own database."""

from tests.integration.report.conftest import onrecord

__all__ = ["onrecord"]
