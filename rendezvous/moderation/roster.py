"""Who is banned, warned or blocked, as every worker has it in memory: asked at every door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from msgspec import Struct

from rendezvous.moderation.addresses import AddressHashes, period_of

Network = IPv4Network | IPv6Network


class Sentence(Struct, frozen=True):
    """A ban as its subject is told of it, and what is known of the appeal against it."""

    reference: str
    kind: str
    subject: str
    reason: str
    until: datetime | None = None
    appeal: str = "none"
    answer: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether it has not ended by itself yet."""
        return self.until is None or moment < self.until


class Roster:
    """Finds the ban of a visitor or an address, without input or output."""

    def __init__(self, sentences: Iterable[Sentence], hashes: AddressHashes) -> None:
        self._hashes = hashes
        self._by_subject: dict[str, Sentence] = {}
        self._networks: dict[tuple[int, int], dict[int, Sentence]] = {}
        periods: set[int] = set()
        for sentence in sentences:
            if sentence.kind == "network":
                self._add_network(ip_network(sentence.subject), sentence)
            else:
                self._by_subject[f"{sentence.kind} {sentence.subject}"] = sentence
            if sentence.kind == "address":
                periods.add(period_of(sentence.subject))
        self._periods = frozenset(periods)

    def find(self, visitor: str, address: str) -> Sentence | None:
        """The ban that holds for them now, if one does."""
        now = datetime.now(UTC)
        keys = [f"visitor {visitor}"] if visitor else []
        keys += [f"address {each}" for each in self._hashes.all_of(address, self._periods)]
        for key in keys:
            sentence = self._by_subject.get(key)
            if sentence is not None and sentence.holds(now):
                return sentence
        sentence = self._of_network(address) if self._networks and address else None
        return sentence if sentence is not None and sentence.holds(now) else None

    def __len__(self) -> int:
        return len(self._by_subject) + sum(map(len, self._networks.values()))

    def _add_network(self, network: Network, sentence: Sentence) -> None:
        alike = self._networks.setdefault((network.version, network.prefixlen), {})
        alike[int(network.network_address)] = sentence

    def _of_network(self, address: str) -> Sentence | None:
        """One lookup for each length of prefix that is banned anywhere, however many they are."""
        # An IPv6 address is counted by its network, so only what is as wide can contain it.
        own_version, number, own_length, bits = _numbers(address)
        for (version, length), alike in self._networks.items():
            if version == own_version and length <= own_length:
                sentence = alike.get(number >> (bits - length) << (bits - length))
                if sentence is not None:
                    return sentence
        return None


@lru_cache(maxsize=4_096)
def _numbers(address: str) -> tuple[int, int, int, int]:
    """The version, number, prefix length and bits of an address, or of an IPv6 network."""
    own = ip_network(address, strict=False)
    return own.version, int(own.network_address), own.prefixlen, own.max_prefixlen
