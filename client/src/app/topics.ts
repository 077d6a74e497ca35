/** What people wait with, asked for while somebody looks at it. */
import { signal } from "@preact/signals";
import { Refused, topics } from "../rendezvous";

export interface Popular {
  topic: string;
  people: number;
}

/** The most popular first, whatever the type of chat. */
export const popular = signal<Popular[]>([]);

let isToldHere = true;

export async function askForTopics(): Promise<void> {
  if (!isToldHere) return;
  try {
    const { text, video } = await topics();
    popular.value = together([...text, ...video]);
  } catch (error) {
    // Other errors pass; what is there stays until then.
    if (error instanceof Refused && error.code === "not_found") isToldHere = false;
  }
}

function together(found: Popular[]): Popular[] {
  const counts = new Map<string, number>();
  for (const { topic, people } of found) counts.set(topic, (counts.get(topic) ?? 0) + people);
  return [...counts]
    .map(([topic, people]) => ({ topic, people }))
    .sort((one, other) => other.people - one.people);
}
