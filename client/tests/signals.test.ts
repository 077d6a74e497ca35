import { expect, test } from "vitest";
import { certificateOf, connectionOf, readSignal } from "../src/rendezvous/call/signals";

const sdp = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\n";
const candidate = "candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host";

test.each([
  { type: "offer", sdp },
  { description: { type: "offer", sdp } },
  { sdp: { type: "offer", sdp } },
  { type: "offer", offer: { type: "offer", sdp } },
])("an offer is understood as clients write it: %o", (signal) => {
  expect(readSignal(signal)).toMatchObject({ kind: "description", description: { sdp } });
});

test.each([
  { candidate, sdpMid: "0" },
  { candidate: { candidate, sdpMid: "0" } },
  { type: "candidate", candidate: { candidate, sdpMid: "0" } },
])("a candidate is understood as clients write it: %o", (signal) => {
  expect(readSignal(signal)).toMatchObject({ kind: "candidate", candidate: { candidate } });
});

test.each([null, 1, "offer", [], {}, { sdp }, { type: "bye", sdp }, { candidate: 1 }])(
  "%o is no signal",
  (signal) => {
    expect(readSignal(signal)).toBeNull();
  },
);

test("a connection is told by the session id of its description", () => {
  expect(connectionOf(sdp)).toBe("4611731400430051336");
  expect(connectionOf(undefined)).toBe("");
});

test("and by its certificate, for those that change their session id", () => {
  const certified = `${sdp}m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=fingerprint:sha-256 AB:CD\r\n`;
  expect(certificateOf(certified)).toBe("sha-256 ab:cd");
  expect(certificateOf(certified.toLowerCase())).toBe("sha-256 ab:cd");
  expect(certificateOf(sdp)).toBe("");
});
