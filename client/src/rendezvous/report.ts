/** Reports to the moderators: by HTTP, because a picture is too large for an event. */
import { Refused } from "./errors";
import type { FileReport, Problem, Reported } from "./protocol.gen";

export type Reason = FileReport["reason"];
export type Report = Omit<FileReport, "session_id">;

/** File a report; its reference. Throws Refused, or another error if there is no answer. */
export async function fileReport(url: string, report: FileReport): Promise<string> {
  const response = await fetch(`${url}/report`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(report),
  });
  const answer = (await response.json()) as Reported | Problem;
  if ("error" in answer) throw new Refused(answer.code, answer.error);
  return answer.reference;
}
