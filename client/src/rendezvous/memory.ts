/** What survives a reload: the chat and its place in the inbox, in this tab's sessionStorage. */
import type { ChatState } from "./state";

const KEY = "rendezvous.chat";

export interface Saved {
  state: ChatState;
  /** The place in the inbox. */
  last: number;
  /** The session before, if it may not know that it was left. */
  left: string | null;
}

export function remember(saved: Saved): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(saved));
  } catch {
    // Full, or forbidden: the chat goes on, only a reload would end it.
  }
}

export function recall(): Saved | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Saved | null;
  } catch {
    return null;
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Forbidden: then there is nothing to forget.
  }
}
