"""What a signal may still say when calls go through relays only."""

from __future__ import annotations

import json
import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import example, given
from hypothesis import strategies as st

from rendezvous.relay_only import without_addresses

RELAY, RELAY_6 = "203.0.113.77", "2001:db8:5:5::77"
FINGERPRINT = ":".join(f"{number:02X}" for number in range(0x30, 0x50))
HOST = "candidate:1 1 udp 2130706431 {} 50001 typ host generation 0 ufrag abcd network-id 1"
REFLEXIVE = "candidate:2 1 UDP 1694498815 {} 50002 typ srflx raddr {} rport 50001"
RELAYED = f"candidate:3 1 udp 41885695 {RELAY} 50003 typ relay raddr {{}} rport 50002 generation 0"
CLEAN_RELAYED = RELAYED.replace("{} rport 50002", "0.0.0.0 rport 0")
OFFER = "\r\n".join(
    (
        *("v=0", "o=- 4611731400430051336 2 IN IP4 {}", "s=-", "t=0 0", "a=group:BUNDLE 0"),
        *("m=audio 50001 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 {}", "a=rtcp:50001 IN IP4 {}"),
        *(f"a={HOST}", f"a={REFLEXIVE}", f"a={RELAYED}", "a=end-of-candidates"),
        *("a=ice-ufrag:abcd", "a=ice-pwd:0123456789abcdefghijkl", "a=ice-options:trickle"),
        *(f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass", "a=mid:0", "a=sendrecv"),
        *("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=rtcp-mux"),
        *("a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", ""),
    )
)


def clean(signal: object) -> Any:
    """What is left of a signal, or None if it is not sent on."""
    left = without_addresses(json.dumps(signal).encode())
    return None if left is None else json.loads(left)


def fill(template: str, address: str) -> str:
    return template.replace("{}", address)


@pytest.mark.parametrize("candidate", [HOST, REFLEXIVE, "a=" + HOST, HOST.upper(), HOST + "\r\n"])
def test_a_candidate_that_is_no_relays_is_not_sent_on(candidate: str) -> None:
    trickled = {"candidate": fill(candidate, "192.168.1.2"), "sdpMid": "0", "sdpMLineIndex": 0}
    assert clean(trickled) is None
    assert clean({"type": "candidate", "candidate": trickled}) is None
    assert clean({"data": json.dumps({"candidate": trickled})}) is None


@pytest.mark.parametrize("address", ["192.168.1.2", "fe80::1", "0f5e-11.local"])
def test_a_relays_candidate_keeps_its_own_address_only(address: str) -> None:
    whole = fill(RELAYED + " ufrag ab/+ network-id 3 x-local 10.1.2.3", address)
    signal = {"candidate": {"candidate": whole, "sdpMid": "0"}}
    left = {"candidate": {"candidate": CLEAN_RELAYED + " ufrag ab/+", "sdpMid": "0"}}
    assert clean(signal) == left
    assert clean({"data": json.dumps(signal)}) == {"data": json.dumps(left, separators=(",", ":"))}


def test_an_ipv6_relay_stays_a_relay() -> None:
    whole = fill(RELAYED.replace(RELAY, RELAY_6), "2001:db8:1::2")
    assert clean([whole]) == [CLEAN_RELAYED.replace(RELAY, RELAY_6).replace("0.0.0.0", "::")]


@pytest.mark.parametrize(
    "forged",
    [
        "candidate:1 1 udp 1 host.example.org 5000 typ relay raddr 10.1.2.3 rport 1",
        "candidate:1 1 udp 1 10.1.2.3.4 5000 typ relay",
        "candidate:1 1 udp 1 10.1.2.3 5000 typ host typ relay",
        "candidate:1 1 udp 1 203.0.113.77 5000 typ relay 10.1.2.3",
        "candidate:10.1.2.3 1 udp 1 203.0.113.77 5000 typ relay raddr 0.0.0.0 rport 0",
        "candidate:1 1 udp 1 fe80::1%eth0 5000 typ relay raddr 0.0.0.0 rport 0",
    ],
)
def test_what_only_looks_like_a_relays_candidate_is_none(forged: str) -> None:
    assert clean({"candidate": forged}) is None


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_an_offer_stays_an_offer(end: str) -> None:
    dirty = fill(OFFER, "192.168.1.2").replace("\r\n", end)
    left = clean({"type": "offer", "sdp": dirty})["sdp"]
    assert "192.168" not in left
    expected = fill(OFFER.replace(RELAYED, CLEAN_RELAYED), "0.0.0.0").replace("\r\n", end)
    for candidate in (HOST, REFLEXIVE):
        expected = expected.replace(f"a={fill(candidate, '0.0.0.0')}{end}", "")
    assert left == expected


def test_what_is_left_of_an_offer_is_good_sdp() -> None:
    left = clean({"sdp": fill(OFFER, "192.168.1.2")})["sdp"]
    media = SessionDescription.parse(left).media[0]
    assert [each.ip for each in media.ice_candidates] == [RELAY]
    assert media.dtls is not None
    assert [each.value for each in media.dtls.fingerprints] == [FINGERPRINT]


def test_an_offer_survives_a_lost_candidate_beside_it() -> None:
    offer = {"type": "offer", "sdp": "v=0\r\n", "candidate": fill(HOST, "192.168.1.2")}
    assert clean(offer) == {"type": "offer", "sdp": "v=0\r\n"}


def test_a_list_loses_what_may_not_be_in_it() -> None:
    mixed = [fill(HOST, "10.1.2.3"), fill(RELAYED, "10.1.2.3"), {"candidate": fill(HOST, "::1")}]
    assert clean({"candidates": mixed}) == {"candidates": [CLEAN_RELAYED]}


@pytest.mark.parametrize(
    "signal",
    [
        {},
        {"candidate": ""},
        {"candidate": None},
        {"type": "hangup", "reason": "it is 12:30:45 already", "n": [1, -2.5, True, 2**63]},
        {"fingerprint": FINGERPRINT.lower(), "name": "version 1.2.3 of localhost"},
    ],
)
def test_a_signal_without_an_address_stays_as_it_is(signal: dict[str, Any]) -> None:
    assert clean(signal) == signal


def test_an_ipv6_address_that_ends_as_an_ipv4_one_goes_as_a_whole() -> None:
    assert clean({"x": "a fd97:1:2:3:4:5:10.1.2.3 b"}) == {"x": "a :: b"}


@pytest.mark.parametrize("unreadable", ['["\\u00310.1.2.3","\\ud800"]', '{"\\u0031": 10.1.2.3'])
def test_nothing_stays_of_json_in_a_text_that_cannot_be_read(unreadable: str) -> None:
    assert clean({"x": unreadable, "y": "{ no JSON"}) == {"x": "", "y": "{ no JSON"}


@pytest.mark.parametrize(("texts", "left"), [(4, '["\\n"]'), (5, "")])
def test_json_in_a_text_is_read_a_few_texts_deep(texts: int, left: str) -> None:
    signal: Any = ["\n"]
    for _ in range(texts):
        signal = json.dumps(signal)
    innermost = clean({"x": signal})["x"]
    for _ in range(texts - 1):
        innermost = innermost and json.loads(innermost)
    assert innermost == left


# --- Whatever the shape -----------------------------------------------------------------------

private_4 = st.tuples(*[st.integers(100, 255)] * 3).map(
    lambda last: f"10.{'.'.join(map(str, last))}"
)
numbers_6 = st.integers(1, 2**100).map(lambda low: IPv6Address((0xFD97 << 112) | low))
private_6 = st.builds(
    lambda write, address: write(address),
    st.sampled_from(
        [
            str,
            lambda address: address.exploded,
            lambda address: str(address).upper(),
            lambda address: f"{address}%eth0",
            lambda address: f"[{address}]:5000",
            lambda address: f"::ffff:10.{address.packed[13]}.{address.packed[14]}.199",
        ]
    ),
    numbers_6,
)
names = st.from_regex(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}\.local\.?", fullmatch=True)
addresses = private_4 | private_6 | names
LINES = [
    *(HOST, REFLEXIVE, RELAYED, "a=" + HOST, "A=CANDIDATE" + HOST[9:], " a = " + HOST),
    *("a=" + REFLEXIVE, "a=" + RELAYED, RELAYED.upper(), RELAYED + " x-y {}", "x " + HOST),
    *("o=- 1 2 IN IP4 {}", "c=IN IP4 {}", "c=IN IP6 {}", "C=in ip6 {}", "a=rtcp:9 IN IP4 {}"),
    *("a=rtcp:9 IN IP6 {}/127", "a=remote-candidates:1 {} 5000 2 {} 5001", "a=x:{}", "{}", "({})"),
    *("c=IN IP4 {}\\r\\na=" + HOST, HOST.replace(" ", "\t"), HOST.replace(" ", "\v")),
    *("turn:{}:3478?transport=udp", "http://{}/", "s={}", "a=source-filter: incl IN IP4 * {}"),
]


def lines(address: str) -> st.SearchStrategy[str]:
    """SDP and candidate lines that say `address`, among others, with whichever line ends."""
    harmless = st.sampled_from(["v=0", "a=mid:0", "", f"a=fingerprint:sha-256 {FINGERPRINT}"])
    dirty = st.sampled_from(LINES).map(lambda line: fill(line, address))
    ends = st.sampled_from(["\r\n", "\n", "\r", "\u2028"])
    return st.builds(lambda each, end: end.join(each), st.lists(harmless | dirty), ends)


def wrapped(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any JSON value with such texts in it: as values, as names, and as JSON within a text."""
    leaves = text | st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text()
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(text | st.sampled_from(["sdp", "candidate", "x"]), inner, max_size=4)
            | inner.map(json.dumps)
            | inner.map(lambda value: json.dumps(value, ensure_ascii=False, indent=1))
        ),
        max_leaves=8,
    )


@st.composite
def dirty_signals(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    address = draw(addresses)
    texts = lines(address)
    return address, {"first": draw(texts), "rest": draw(wrapped(texts))}


def bare(address: str) -> str:
    """What there is to recognise of an address: without zone, brackets and port."""
    return re.split(r"[%\]]", address.strip("["), maxsplit=1)[0].rstrip(".").lower()


ESCAPE = re.compile(r"\\+(u[0-9a-f]{4}|.)")  # of JSON, and of JSON within it


def foreign_addresses(text: str) -> set[str]:
    """Every IP address in a text but a relay's and none, read by other means than the product's."""
    found = set()
    for word in re.split(r"[^0-9A-Fa-f:.]+", text):
        try:
            address = ip_address(word.strip("."))
        except ValueError:
            continue
        if not address.is_unspecified and str(address) not in (RELAY, RELAY_6):
            found.add(str(address))
    return found


@given(dirty_signals())
@example(("10.1.2.3", {"x": json.dumps({"sdp": "c=IN IP4 10.1.2.3"}).replace("1", "\\u0031")}))
@example(("10.1.2.3", {"x": '{"a":"10.1.2.3","a":""}', "y": '["10.1.2.3", "\\ud800"]'}))
def test_no_address_gets_through_wherever_it_is(planted: tuple[str, dict[str, Any]]) -> None:
    address, signal = planted
    left = without_addresses(json.dumps(signal).encode())
    if left is None:
        return
    text = json.dumps(json.loads(left), ensure_ascii=False)
    assert bare(address) not in text.lower()
    assert not foreign_addresses(ESCAPE.sub(" ", text))


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**128 - 1))
def test_any_address_reads_as_none(four: int, six: int) -> None:
    signal = {"c=IN IP4 x": f"a {IPv4Address(four)} b [{IPv6Address(six)}]:1 c"}
    assert clean(signal) == {"c=IN IP4 0.0.0.0": "a 0.0.0.0 b [::]:1 c"}


@given(wrapped(st.text() | lines("10.111.112.113")))
def test_cleaning_what_is_clean_changes_nothing(value: Any) -> None:
    once = clean({"x": value})
    assert once is None or clean(once) == once
