/** How many people are here. */
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
