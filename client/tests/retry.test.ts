import { expect, test } from "vitest";
import { Refused } from "../src/rendezvous/errors";
import { Gate } from "../src/rendezvous/gate";
import { untilAnswered } from "../src/rendezvous/retry";

const always = (): boolean => true;

test("a question is asked again after a passing refusal, and not after another", async () => {
  const gate = new Gate();
  gate.open();
  const ready = (): Promise<void> => gate.passed();
  const codes = ["unavailable", "not_matched"];
  const ask = async (): Promise<never> => {
    throw new Refused(codes.shift() ?? "asked too often", "");
  };
  const quest = untilAnswered({ ready, ask, isWanted: always });
  await expect(quest).rejects.toMatchObject({ code: "not_matched" });
});

test("nothing is asked through a shut gate, nor when nobody cares any more", async () => {
  const gate = new Gate();
  let isWanted = true;
  let asked = 0;
  const quest = untilAnswered({
    ready: () => gate.passed(),
    ask: async () => ++asked,
    isWanted: () => isWanted,
  });
  isWanted = false;
  gate.open();
  await expect(quest).rejects.toThrow();
  expect(asked).toBe(0);
});

test("who waits before the gate passes in the order of coming", async () => {
  const gate = new Gate();
  const order: number[] = [];
  const all = [1, 2, 3].map((each) => gate.passed().then(() => order.push(each)));
  gate.open();
  await Promise.all(all);
  expect(order).toEqual([1, 2, 3]);
});
