/** How many people are here, and what they wait with. */
import { fetchAnswer } from "./http";
import type { Pages } from "./protocol.gen";

/** Null if the server does not answer. */
export async function crowd(url = ""): Promise<Pages["/"] | null> {
  try {
    const response = await fetch(`${url}/`, { headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as Pages["/"]) : null;
  } catch {
    return null;
  }
}

/**
 * What several people wait with. Throws Refused, with `not_found` where the server does not tell, or
 * another error if there is no answer.
 */
export const topics = (url = ""): Promise<Pages["/topics"]> => fetchAnswer(`${url}/topics`);
