/** The wish to meet this stranger again, and what has become of it. */
import { AgainIcon } from "../icons";
import { t } from "../language";
import { chat, client } from "../store";
import { Notice } from "./Notice";
import { Tool } from "./Tool";

export const MeetAgain = ({ kind = "quiet" }: { kind?: "quiet" | "secondary" }) => (
  <Tool
    Icon={AgainIcon}
    label={t.value.meeting.wish}
    act={() => client.meetAgain()}
    isDisabled={chat.value.again !== "open"}
    collapses
    kind={kind}
  />
);

/** What is known of both wishes, as a sentence. */
export const MeetAgainNotice = () => {
  const { again } = chat.value;
  return again === "open" ? null : <Notice text={t.value.meeting[again]} />;
};
