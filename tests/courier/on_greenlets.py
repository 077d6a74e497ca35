"""What happens to a socket until it is acknowledged, on greenlets; a test runs it by itself."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402 - after it has put itself under the standard library

from rendezvous.shared_courier import SharedCourier  # noqa: E402
from tests.courier.test_shared_courier import (  # noqa: E402
    SESSION,
    Inbox,
    Socket,
    comes,
    event,
    sharing,
)
from tests.switchboard.conftest import wait_for  # noqa: E402


def attach_while_more_comes(courier: SharedCourier, inbox: Inbox) -> None:
    """Nobody else gets a turn, in which the next event would go before the acknowledgement."""
    comes(courier, 5)
    inbox.has(event(4), event(5))
    gevent.spawn(comes, courier, 4)
    socket = Socket("socket 1")
    courier.attach(SESSION, socket, 3)
    assert socket.heard == [], socket.heard
    wait_for(lambda: socket.heard == ["new_message 4", "new_message 5"])


if __name__ == "__main__":
    inbox = Inbox()
    attach_while_more_comes(sharing(inbox), inbox)
