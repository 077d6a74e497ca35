"""A real redis-server of our own, on a free port, whose data are gone when it is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import redis

from tests.harness.ports import free_port
from tests.harness.processes import wait_until_up

PATIENCE = 10.0  # s; for one to follow another, and for a cluster to come together
DURABLE = {"appendonly": "yes", "appendfsync": "always"}  # with which it loses nothing


class RedisServer:
    """`options` are those of redis.conf: `RedisServer(appendonly="yes")`."""

    def __init__(self, environ: Mapping[str, str] = {}, /, **options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._directory = Path(tempfile.mkdtemp(prefix="redis-"))
        self._environ = {**os.environ, **environ}
        self.options = {"save": "", "appendonly": "no", **options}
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self, **options: str) -> None:
        """Start, or start again with the data that are on disk, and maybe other options."""
        self.options |= options
        own = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self._directory)}
        words = ["redis-server"]
        for name, value in (own | self.options).items():
            words += [f"--{name.replace('_', '-')}", value]
        log = self._directory / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(words, env=self._environ, stdout=output, stderr=output)
        wait_until_up(self.process, self._answers, log)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        """A plain client, to look at what is there."""
        return redis.Redis(port=self.port, decode_responses=True)

    def follow(self, port: int) -> None:
        """Be a replica, and wait until it has everything."""
        until = time.monotonic() + PATIENCE
        with self.client() as client:
            client.replicaof("127.0.0.1", port)
            while client.info("replication")["master_link_status"] != "up":
                assert time.monotonic() < until, "the replica does not follow"
                time.sleep(0.02)  # between two looks

    def lead(self) -> None:
        """Be a replica no more."""
        with self.client() as client:
            client.replicaof("NO", "ONE")

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def restore(self) -> None:
        """Have it run, whatever was done to it."""
        self.thaw()
        if self.process.poll() is not None:
            self.start()

    def close(self) -> None:
        """End it, with its data."""
        self.kill()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class RedisCluster:
    """Three nodes of our own, with a third of the slots each."""

    SLOTS = 16_384

    def __init__(self) -> None:
        self.nodes = [
            RedisServer(cluster_enabled="yes", cluster_port=str(free_port())) for _ in range(3)
        ]
        self.url = f"redis+cluster://127.0.0.1:{self.nodes[0].port}"
        self.ids = [self._ask(node, "CLUSTER", "MYID") for node in self.nodes]
        for index, node in enumerate(self.nodes):
            first, last = (self.SLOTS * (index + each) // 3 for each in (0, 1))
            self._ask(node, "CLUSTER", "ADDSLOTSRANGE", str(first), str(last - 1))
            bus = node.options["cluster_port"]
            for other in self.nodes:
                self._ask(other, "CLUSTER", "MEET", "127.0.0.1", str(node.port), bus)
        until = time.monotonic() + PATIENCE
        while not all(
            "cluster_state:ok" in self._ask(node, "CLUSTER", "INFO") for node in self.nodes
        ):
            assert time.monotonic() < until, "the cluster does not come together"
            time.sleep(0.02)  # between two tries

    def slot(self, key: str) -> int:
        """The slot of a key."""
        return int(self._ask(self.nodes[0], "CLUSTER", "KEYSLOT", key))

    def holder(self, key: str) -> int:
        """Which node has a key, by number."""
        lines = self._ask(self.nodes[0], "CLUSTER", "NODES").splitlines()
        slot = self.slot(key)
        for line in lines:
            words = line.split()
            for span in words[8:]:
                first, _, last = span.partition("-")
                if first.isdecimal() and int(first) <= slot <= int(last or first):
                    return self.ids.index(words[0])
        raise LookupError(key)

    def move(self, key: str, to: int) -> None:
        """Move the slot of `key`, with all that is in it, as an operator would."""
        slot, was = str(self.slot(key)), self.holder(key)
        source, target = self.nodes[was], self.nodes[to]
        self._ask(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", self.ids[was])
        self._ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", self.ids[to])
        with source.client() as client:
            while keys := client.execute_command("CLUSTER", "GETKEYSINSLOT", slot, 100):
                client.migrate("127.0.0.1", target.port, keys, 0, 5_000)
        for node in (target, source, *self.nodes):
            self._ask(node, "CLUSTER", "SETSLOT", slot, "NODE", self.ids[to])

    def close(self) -> None:
        """End it."""
        for node in self.nodes:
            node.close()

    def _ask(self, node: RedisServer, *command: str) -> str:
        with node.client() as client:
            return str(client.execute_command(*command))
