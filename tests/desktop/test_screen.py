"""A window is made to fit its screen; whether there is one at all is tested with the real window."""

import pytest

from desktop.screen import FRAME, fitting


@pytest.mark.parametrize(
    ("room", "size"),
    [
        ((1920, 1080), (1240, 820)),
        ((1280, 820), (1240, 820 - FRAME[1])),
        ((1024, 728), (1024 - FRAME[0], 728 - FRAME[1])),
    ],
)
def test_a_window_leaves_room_for_its_frame(room, size):
    assert fitting((1240, 820), room) == size
