import { expect, test } from "vitest";
import { solve } from "../src/rendezvous/proof";

// As ALTCHA's own library for Python solves them.
const CHALLENGE = {
  algorithm: "PBKDF2/SHA-256",
  cost: 3,
  keyLength: 32,
  nonce: "00112233445566778899aabbccddeeff",
  salt: "ffeeddccbbaa99887766554433221100",
};

test.each([
  ["0", 1, "03e773d8bf1e11b43dfd1c0f841aa97ba4609ed4190be5a3de09375affac572e"],
  ["00", 733, "0044d3304b6c5a6f0eb27e9f1def7125e058fb7bd23930c74ba28a1b2827d9fd"],
])("a proof for %s is found where others find it", async (keyPrefix, counter, derivedKey) => {
  expect(await solve({ ...CHALLENGE, keyPrefix })).toEqual({ counter, derivedKey });
});
