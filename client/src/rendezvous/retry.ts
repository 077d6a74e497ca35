/** Asking until there is an answer, across drops of the line. */
import { mayPass } from "./errors";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 6_000;

export interface Quest<Answer> {
  /** Resolves when asking is possible. */
  ready: () => Promise<void>;
  ask: () => Promise<Answer>;
  /** Whether anybody still cares; if not, the quest fails. */
  isWanted: () => boolean;
  /** Whether asking again may help after this error. */
  again?: (error: unknown) => boolean;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ask again and again until there is an answer; the waits between grow to some seconds. */
export async function untilAnswered<Answer>(quest: Quest<Answer>): Promise<Answer> {
  const { ready, ask, isWanted, again = mayPass } = quest;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    await ready();
    if (!isWanted()) throw new Error("Nobody waits for the answer any more.");
    try {
      return await ask();
    } catch (error) {
      if (!again(error)) throw error;
    }
    await pause(wait);
  }
}
