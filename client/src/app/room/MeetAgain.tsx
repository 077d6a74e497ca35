/** The wish to meet this stranger again, and what has become of it. */
import { AgainIcon } from "../icons";
import { t } from "../language";
import { chat, client } from "../store";

export const MeetAgain = ({ kind }: { kind: "quiet" | "secondary" }) => (
  <button
    type="button"
    class={`button ${kind} collapses`}
    title={t.value.meeting.wish}
    disabled={chat.value.again !== "open"}
    onClick={() => client.meetAgain()}
  >
    <AgainIcon />
    <span>{t.value.meeting.wish}</span>
  </button>
);

/** What is known of both wishes, as a sentence. */
export const MeetAgainNotice = () => {
  const { again } = chat.value;
  if (again === "open") return null;
  return (
    <div class="notice">
      <p>{t.value.meeting[again]}</p>
    </div>
  );
};
