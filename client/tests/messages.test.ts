import { expect, test } from "vitest";
import { withTheirs } from "../src/rendezvous/messages";

const from = (id: string, seq: number) => ({
  session_id: "mine",
  seq,
  message: { id, from: "stranger" as const, text: "hello", timestamp: "2026-01-01T00:00:00Z" },
});

test("what is said twice is there twice", () => {
  const heard = withTheirs(withTheirs([], from("a", 2)), from("b", 3));
  expect(heard.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("what a server delivers again, because it lost what it knew, is there once", () => {
  const heard = withTheirs([], from("a", 2));
  expect(withTheirs(heard, from("a", 10_002))).toBe(heard);
});
