/** What calls somebody back who looks at another tab: the title and a soft sound. */
import { effect, signal } from "@preact/signals";
import { brand } from "./brand";
import { t } from "./language";
import { sounds } from "./preferences";
import { chime, MATCH, MESSAGE } from "./sound";
import { client } from "./store";

const unread = signal(0);

function call(notes: [number, number]): void {
  if (!document.hidden) return;
  unread.value += 1;
  if (sounds.value) chime(notes);
}

export function watchUnread(): void {
  client.on("message", () => call(MESSAGE));
  client.on("matched", () => call(MATCH));
  client.on("watching", () => call(MATCH));
  addEventListener("visibilitychange", () => {
    if (!document.hidden) unread.value = 0;
  });
  effect(() => {
    const { name } = brand.value;
    document.title = unread.value ? t.value.title.unread(unread.value, name) : name;
  });
}
