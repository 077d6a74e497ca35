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

test("a gap that the server has told of is skipped, before and after it is seen", () => {
  const early = new Inbox<string>(2);
  expect(early.skipHole()).toEqual([]);
  expect(early.accept(9, "i")).toEqual(["i"]);
  expect(early.accept(11, "k")).toEqual([]);

  const late = new Inbox<string>(2);
  late.accept(10, "j");
  late.accept(9, "i");
  expect(late.skipHole()).toEqual(["i", "j"]);
  expect(late.last).toBe(10);
});
