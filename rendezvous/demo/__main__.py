"""`python -m rendezvous.demo URL`: serve bots until standard input ends, which it does with us."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys

from rendezvous.demo.host import Host
from rendezvous.logs import set_up_logs


async def serve(host: Host) -> None:
    """Run the host until whoever has started this process lets go of its standard input."""
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(host.run())
        await _end_of_input()
        work.cancel()


async def _end_of_input() -> None:
    # A process that is killed closes what it had open too, so that no bot outlives its server.
    ended = asyncio.Event()

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            ended.set()

    asyncio.get_running_loop().add_reader(sys.stdin, read)
    await ended.wait()


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(prog="python -m rendezvous.demo", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--log-level", default="INFO")
    parser.add_argument("--log-for-people", action="store_true")
    arguments = parser.parse_args()
    set_up_logs(arguments.log_level, for_people=arguments.log_for_people)
    logging.getLogger("aioice").setLevel(logging.WARNING)  # it would write people's addresses
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Host(arguments.url)))


if __name__ == "__main__":
    main()
