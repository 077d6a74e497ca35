/** Questions over HTTP, for what a socket cannot carry or is not open for. */
import { Refused } from "./errors";
import type { Problem } from "./protocol.gen";

/** GET, or POST with a `body`. Throws Refused, or another error if there is no answer. */
export async function fetchAnswer<Answer extends object>(url: string, body?: object): Promise<Answer> {
  const post = { method: "POST", headers: { "Content-Type": "application/json" } };
  const response = await fetch(url, body ? { ...post, body: JSON.stringify(body) } : { cache: "no-store" });
  const answer = (await response.json()) as Answer | Problem;
  if ("error" in answer) throw new Refused(answer.code, answer.error);
  return answer;
}
