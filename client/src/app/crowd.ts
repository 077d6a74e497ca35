/** How many people are here, asked for while somebody looks at it. */
import { effect, signal } from "@preact/signals";
import { crowd } from "../rendezvous";
import { chat } from "./store";
import { askForTopics } from "./topics";

const EVERY = 10_000;

/** Null before the server has told. */
export const online = signal<number | null>(null);

async function ask(): Promise<void> {
  const { phase } = chat.peek();
  if (document.hidden || phase === "chatting" || phase === "ended") return;
  if (phase === "idle") void askForTopics();
  const now = await crowd();
  if (now?.status === "healthy") online.value = now.online;
}

export function watchCrowd(): void {
  setInterval(() => void ask(), EVERY);
  addEventListener("visibilitychange", () => void ask());
  let phase = "";
  effect(() => {
    if (chat.value.phase === phase) return;
    phase = chat.value.phase;
    void ask();
  });
}
