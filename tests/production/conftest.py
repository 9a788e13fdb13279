"""What tests of this room may ask for."""

import pytest

from tests.cast import ROLES
from tests.makers import join_team, make_person
from tests.production.ground import furnish


@pytest.fixture
def people(cast):
    found = {role: cast.of(role) for role in (*ROLES, "outsider")}
    for name, own, here in (("promoted", "user", "manager"), ("demoted", "manager", "user")):
        found[name] = make_person(role=own, first_name=name)
        join_team(cast.project, found[name], role=here)
    return found


@pytest.fixture
def rows(cast):
    return furnish(cast)
