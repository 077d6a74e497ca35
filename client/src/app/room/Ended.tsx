/** After the chat: who left, what the two shared, and one click to go on. */
import { useId } from "preact/hooks";
import { useFocusOnArrival } from "../focus";
import { NextIcon } from "../icons";
import { t } from "../language";
import { chat, goHome, next, reference } from "../store";
import { MeetAgain } from "./MeetAgain";
import { Reference } from "./ReportDialog";

export const Ended = () => {
  const { ended } = t.value;
  const { matched, blocking, leaver, ending, again: wish } = chat.value;
  const isForgotten = ending === "lost" || ending === "shutdown";
  const mayWish = matched !== null && wish === "open" && blocking === null && !isForgotten;
  const shared = matched?.common_interests ?? [];
  const about = useId();
  const again = useFocusOnArrival<HTMLButtonElement>();
  return (
    <div class="dock ended">
      <div id={about}>
        <h2>{leaver ? ended.oneOfThem(leaver) : ended[ending ?? "lost"]}</h2>
        {blocking && <p role="status">{ended.blocking[blocking]}</p>}
        {shared.length > 0 && <p dir="auto">{ended.shared(shared.join(", "))}</p>}
        {reference.value && <Reference />}
      </div>
      <div class="ended-buttons">
        <button type="button" class="button quiet" onClick={goHome}>
          {ended.home}
        </button>
        {mayWish && <MeetAgain kind="secondary" />}
        <button
          ref={again}
          type="button"
          class="button primary"
          aria-describedby={about}
          onClick={() => void next()}
        >
          {ended.again}
          <NextIcon />
        </button>
      </div>
    </div>
  );
};
