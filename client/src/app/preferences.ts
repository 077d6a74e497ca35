/** What the browser remembers between visits: consent, wishes, devices, sounds. Never a chat. */
import { effect, signal, type Signal } from "@preact/signals";

export function remembered<Value>(name: string, initial: Value): Signal<Value> {
  const key = `rendezvous.${name}`;
  const value = signal(initial);
  try {
    const stored = localStorage.getItem(key);
    if (stored !== null) value.value = JSON.parse(stored) as Value;
  } catch {
    // Forbidden or damaged: as on a first visit.
  }
  effect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(value.value));
    } catch {
      // Forbidden: it holds until the page is closed.
    }
  });
  return value;
}

export const consented = remembered("consent", false);
export const interests = remembered<string[]>("interests", []);
/** Only people who share an interest, or speak the language. */
export const pinsInterests = remembered("pins-interests", false);
export const pinsLanguage = remembered("pins-language", false);
/** The language to chat in, a BCP 47 tag; "" for any. */
export const chatLanguage = remembered("chat-language", "");
/** The language of the page; "" for the browser's. */
export const pageLanguage = remembered("page-language", "");
export const volume = remembered("volume", 1);
export const sounds = remembered("sounds", true);
