/** After the chat: who left, what the two shared, and one click to go on. */
import { useId } from "preact/hooks";
import { brand } from "../brand";
import { useFocusOnArrival } from "../focus";
import { NextIcon } from "../icons";
import { t } from "../language";
import { chat, goHome, next, parting } from "../store";
import { clock } from "../time";

export const Ended = () => {
  const { ended } = t.value;
  const shared = chat.value.matched?.common_interests ?? [];
  const about = useId();
  const again = useFocusOnArrival<HTMLButtonElement>();
  return (
    <div class="dock ended">
      <div id={about}>
        <h2>{reason()}</h2>
        {parting.value === "block" && chat.value.ending === "you" && <p>{ended.blocked}</p>}
        {shared.length > 0 && <p dir="auto">{ended.shared(shared.join(", "))}</p>}
        {parting.value === "report" && chat.value.ending === "you" && <HowToReport />}
      </div>
      <div class="ended-buttons">
        <button type="button" class="button quiet" onClick={goHome}>
          {ended.home}
        </button>
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

function reason(): string {
  const { ended } = t.value;
  const ending = chat.value.ending ?? "lost";
  if (ending !== "you") return ended[ending];
  return parting.value === "report" ? ended.reported : ended.you;
}

/** The server cannot take reports yet, and the page does not pretend that it did. */
const HowToReport = () => {
  const { ended } = t.value;
  const contact = brand.value.report_contact;
  if (!contact) return <p>{ended.reportNowhere}</p>;
  return (
    <p>
      {ended.reportTo(clock(Date.now()))}{" "}
      <a href={contact} target="_blank" rel="noopener noreferrer">
        {contact.replace(/^mailto:/, "")}
      </a>
    </p>
  );
};
