/** Esc twice within a second and a half means "Next". */
import { signal } from "@preact/signals";
import { announce } from "./announce";
import { t } from "./language";
import { chat, next } from "./store";

const WITHIN = 1_500;

/** Whether a second Esc would go on to the next stranger. */
export const isEscaping = signal(false);

export function listenForEscape(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener("keydown", (event) => {
    const { phase } = chat.peek();
    const isOurs = phase === "chatting" || phase === "ended";
    if (event.key !== "Escape" || event.isComposing || event.repeat || !isOurs) return;
    if (document.querySelector("dialog[open]") || document.fullscreenElement) return;
    clearTimeout(timer);
    if (isEscaping.value) {
      isEscaping.value = false;
      void next();
      return;
    }
    isEscaping.value = true;
    announce(t.value.chat.escAgain);
    timer = setTimeout(() => {
      isEscaping.value = false;
    }, WITHIN);
  });
}
