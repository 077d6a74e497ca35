/** The strangers whom one can meet again, as this browser remembers them. */
import type { Meeting } from "../rendezvous";
import { remembered } from "./preferences";
import { client } from "./store";

export interface Remembered extends Meeting {
  /** When both had wished it, milliseconds since 1970. */
  since: number;
}

const MOST = 20;
const OVER = ["token_invalid", "token_expired", "token_refused", "wrong_chat_type"];

export const meetings = remembered<Remembered[]>("meetings", []);

export function forgetMeeting(token: string): void {
  meetings.value = meetings.value.filter((each) => each.token !== token);
}

function keep(meeting: Meeting): void {
  if (meetings.value.some(({ token }) => token === meeting.token)) return;
  meetings.value = [{ ...meeting, since: Date.now() }, ...meetings.value].slice(0, MOST);
}

/** Remember what is agreed from now on, and forget what is over. */
export function watchMeetings(): void {
  meetings.value = meetings.value.filter(({ expires }) => expires > Date.now());
  client.on("meeting", keep);
  client.on("state", ({ refusal, wish }) => {
    if (wish.token && refusal && OVER.includes(refusal)) forgetMeeting(wish.token);
  });
}
