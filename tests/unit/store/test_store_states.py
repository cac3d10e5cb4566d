"""The state of a member that was refused is the one that its reason says, in the tables and in the views."""

from worker.reasons import Reason
from worker.report.views import VIEWS
from worker.store.states import STATE_OF_MEMBER


def test_the_views_and_the_ledger_agree_on_the_state_of_a_member() -> None:
    assert "".join(STATE_OF_MEMBER.split()) in "".join(VIEWS.split())


def test_every_reason_that_ignores_is_named() -> None:
    named = {reason for reason in Reason if f"'{reason.value}'" in STATE_OF_MEMBER}
    assert named == {reason for reason in Reason if reason.state == "ignored"}
