/** Asking until there is an answer, across drops of the line. */
import { mayPass, Refused } from "./errors";
import type { Hold } from "./state";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 2_000;

export type Held = (hold: Hold | null) => void;

export interface Quest<Answer> {
  /** Resolves when asking is possible. */
  ready: () => Promise<void>;
  ask: () => Promise<Answer>;
  /** Whether anybody still cares; if not, the quest fails. */
  isWanted: () => boolean;
  /** Whether asking again may help after this error. */
  again?: (error: unknown) => boolean;
  /** Is told when the server lets one wait, and, with null, that this is over. */
  held?: Held;
}

/** Waits between tries, milliseconds: they grow, and no two clients have the same ones. */
export function* waits(): Generator<number, never> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    yield wait * (0.5 + Math.random() / 2);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ask again and again until there is an answer. */
export async function untilAnswered<Answer>(quest: Quest<Answer>): Promise<Answer> {
  const { ready, ask, isWanted, again = mayPass, held } = quest;
  for (const wait of waits()) {
    await ready();
    if (!isWanted()) break;
    try {
      const answer = await ask();
      held?.(null);
      return answer;
    } catch (error) {
      if (!again(error)) throw error;
      const refusal = error instanceof Refused ? error : null;
      const ms = Math.max(wait, refusal?.retryAfter ?? 0);
      if (refusal && isWanted()) held?.({ code: refusal.code, until: Date.now() + ms });
      await pause(ms);
    }
  }
  throw new Error("Nobody waits for the answer any more.");
}
