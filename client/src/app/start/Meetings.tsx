/** Strangers whom one can meet again, because both have wished it. */
import { AgainIcon, CloseIcon } from "../icons";
import { t } from "../language";
import { forgetMeeting, meetings, type Remembered } from "../meetings";
import { meetAgain } from "../store";
import { day } from "../time";
import { hasConsented } from "./Consent";

export const Meetings = () => {
  const { meeting: texts } = t.value;
  if (meetings.value.length === 0) return null;
  return (
    <section class="meetings" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <ul>
        {meetings.value.map((each) => (
          <Known key={each.token} {...each} />
        ))}
      </ul>
      <p class="hint">{texts.hint}</p>
    </section>
  );
};

const Known = (known: Remembered) => {
  const { meeting: texts } = t.value;
  const who = texts.who[known.chatType](day(known.since));
  return (
    <li>
      <button
        type="button"
        class="button secondary"
        onClick={() => hasConsented() && void meetAgain(known)}
      >
        <AgainIcon />
        {who}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.forget(who)}
        title={texts.forget(who)}
        onClick={() => forgetMeeting(known.token)}
      >
        <CloseIcon />
      </button>
    </li>
  );
};
