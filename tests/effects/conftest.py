import pytest
from tests.effects.effects_world import EffectsWorld, build
from tests.world import World


@pytest.fixture
def county(world: World) -> EffectsWorld:
    """A county with the demo law and no records."""
    return build(world.region)
