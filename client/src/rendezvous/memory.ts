/** What survives a reload: the chat and its place in the inbox, in this tab's sessionStorage. */
import type { ChatState } from "./state";

const KEY = "rendezvous.chat";

/** How a session was left. */
export interface Parting {
  call: "leave_session" | "block";
  sessionId: string;
}

export interface Saved {
  state: ChatState;
  /** The place in the inbox. */
  last: number;
  /** What the server may not know yet of a session before. */
  parting: Parting | null;
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
