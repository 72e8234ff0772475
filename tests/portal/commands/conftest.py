"""Commands as programs: each is a process of its own, which takes a second or two to begin.

What they do to a database, the tests of its rooms hold on both kinds; the programs meet PostgreSQL in the soak.
"""

import pytest

from tests.conftest import SOAK
from tests.portal.conftest import KINDS, Installation, new_installation
from tests.portal.responder import Responder


@pytest.fixture(scope="session", params=KINDS if SOAK else KINDS[:1])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, responder: Responder
) -> Installation:
    """One for all tests of that database."""
    return new_installation(request.param, tmp_path_factory.mktemp(request.param), responder.address)
