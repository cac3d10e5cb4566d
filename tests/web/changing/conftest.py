"""The page on a database of each test's own, since these tests change it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.web.served import Served, served
from tests.web.world import World, furnish


@pytest.fixture
def world(engine: Engine) -> World:
    """The numbers of what stands in this test's database."""
    return furnish(engine)


@pytest.fixture
def site(database_url: str, world: World) -> Iterator[Served]:
    """The page on this test's database."""
    with served(database_url) as running:
        yield running
