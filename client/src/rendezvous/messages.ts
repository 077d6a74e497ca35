/** The list of messages, as new lists. */
import type { NewMessage } from "./protocol.gen";
import type { ChatMessage } from "./state";

type Messages = readonly ChatMessage[];

export function ownMessage(text: string): ChatMessage {
  return { id: newId(), from: "you", text, time: Date.now(), delivery: "sending" };
}

/** With one of the stranger's; the same list if it has been heard: a server forgot that (`gap`). */
export function withTheirs(messages: Messages, { message, stranger }: NewMessage): Messages {
  const { id, text, timestamp } = message;
  if (messages.some((each) => each.id === id)) return messages;
  const time = Date.parse(timestamp);
  return [...messages, { id, from: "stranger", stranger, text, time, delivery: "sent" }];
}

export function withDelivery(
  messages: Messages,
  id: string,
  delivery: ChatMessage["delivery"],
): Messages {
  return messages.map((each) => (each.id === id ? { ...each, delivery } : each));
}

/** What is still on its way will not arrive any more. */
export function withoutHope(messages: Messages): Messages {
  return messages.map((each) => {
    return each.delivery === "sending" ? { ...each, delivery: "refused" } : each;
  });
}

export const unsent = (messages: Messages): ChatMessage[] =>
  messages.filter(({ delivery }) => delivery === "sending");

/** 128 random bits; `crypto.randomUUID` is missing on a page without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
