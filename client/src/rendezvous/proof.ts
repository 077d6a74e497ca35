/**
 * Proof of work, where the server wants one: ALTCHA, version 2, with PBKDF2.
 *
 * The browser derives the keys on a thread of its own, so that no worker of ours is needed, for which the
 * page's policy would have to be wider.
 */
import { Refused } from "./errors";
import type { Challenge, ChallengeParameters } from "./protocol.gen";

const HASH = "PBKDF2/";

/** `ask` with what it needs; once more with a proof if the server wants one. */
export async function withProof<Answer>(
  url: string,
  ask: (proof?: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Refused && error.code === "proof_required")) throw error;
    return ask(await prove(url));
  }
}

async function prove(url: string): Promise<string> {
  const response = await fetch(`${url}/challenge`);
  if (!response.ok) throw new Error("There is no challenge.");
  const challenge: Challenge = await response.json();
  const solution = await solve(challenge.parameters);
  return btoa(JSON.stringify({ challenge, solution }));
}

/** Try one number after the other; a cost as servers set it takes a moment. */
export async function solve(parameters: Omit<ChallengeParameters, "expiresAt">) {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = parameters;
  const derivation = {
    name: "PBKDF2",
    hash: algorithm.slice(HASH.length),
    salt: bytes(salt),
    iterations: cost,
  };
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const counts = new DataView(password.buffer);
  for (let counter = 0; ; counter++) {
    counts.setUint32(password.length - 4, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = hex(await crypto.subtle.deriveBits(derivation, key, 8 * keyLength));
    if (derived.startsWith(keyPrefix)) return { counter, derivedKey: derived };
  }
}

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

const hex = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (each) => each.toString(16).padStart(2, "0")).join("");
