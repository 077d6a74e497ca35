import { expect, test } from "vitest";
import { Inbox } from "../src/rendezvous/inbox";

test("events come out once each and in order, whatever order they come in", () => {
  const inbox = new Inbox<string>();
  expect(inbox.accept(2, "b")).toEqual([]);
  expect(inbox.hasHole).toBe(true);
  expect(inbox.accept(1, "a")).toEqual(["a", "b"]);
  expect(inbox.accept(1, "a")).toEqual([]);
  expect(inbox.accept(3, "c")).toEqual(["c"]);
  expect(inbox.hasHole).toBe(false);
});

test("after a reload it goes on where it was", () => {
  const inbox = new Inbox<string>(7);
  expect(inbox.accept(7, "old")).toEqual([]);
  expect(inbox.accept(8, "new")).toEqual(["new"]);
});

test("a gap that the server has told of is skipped once", () => {
  const inbox = new Inbox<string>(2);
  inbox.accept(10, "j");
  inbox.skip(10);
  expect(inbox.hasHole).toBe(false);
  expect(inbox.accept(9, "i")).toEqual(["i"]);
  expect(inbox.accept(10, "j")).toEqual(["j"]);
  expect(inbox.accept(12, "l")).toEqual([]);
});

test("a server that has forgotten the latest numbers gives them again", () => {
  const inbox = new Inbox<string>(17);
  inbox.skip(10);
  expect(inbox.accept(11, "k")).toEqual(["k"]);
  expect(inbox.last).toBe(11);
});
