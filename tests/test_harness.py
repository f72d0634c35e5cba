"""The test clusters themselves."""

from casewall.wall.sides import Role, Side
from tests.people import Staff


def test_each_role_has_a_viewer_on_its_own_side(staff: Staff) -> None:
    assert staff[Role.FACILITATOR].side is Side.PROGRAMME
    assert staff[Role.PARTNER_WORKER].side is Side.SAFETY
    assert staff[Role.COORDINATOR].compartments > staff[Role.PARTNER_WORKER].compartments
