/** Reports to the moderators: by HTTP, because a picture is too large for an event. */
import { fetchAnswer } from "./http";
import type { FileReport, Reported } from "./protocol.gen";

export type Reason = FileReport["reason"];
export type Report = Omit<FileReport, "session_id">;

/** File a report; its reference. Throws Refused, or another error if there is no answer. */
export async function fileReport(url: string, report: FileReport): Promise<string> {
  return (await fetchAnswer<Reported>(`${url}/report`, report)).reference;
}
