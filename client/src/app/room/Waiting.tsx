/** Looking for a stranger: for whom, how long, among how many, and the way back. */
import { online } from "../crowd";
import { useFocusOnArrival } from "../focus";
import { t } from "../language";
import { useNow } from "../now";
import { Rings } from "../Rings";
import { begin, chat, devices, isAsking, isVideo, part } from "../store";
import { clean } from "../text/clean";
import { minutes } from "../time";
import { Prospect, Sought } from "./Prospect";

export const Waiting = () => {
  const { waiting, meeting } = t.value;
  const { wish } = chat.value;
  const isKnown = wish.token !== undefined;
  const title = useFocusOnArrival<HTMLHeadingElement>();
  const { preview, problems } = devices.value;
  const mayAsk = isVideo.value && !preview && !problems.video && !problems.audio;
  const hint = (): string => {
    if (wish.question) return clean(wish.question);
    if (wish.discuss) return waiting.discussHint;
    if (mayAsk) return waiting.askCamera;
    return isKnown ? meeting.waitingHint : waiting.hint;
  };
  return (
    <div class="waiting">
      <Rings kind="search" />
      <h2 ref={title} tabIndex={-1}>
        {isKnown ? meeting.waiting : isAsking.value ? waiting.asking : waiting.title}
      </h2>
      {isKnown || isAsking.value || <Sought />}
      <p class="hint" dir="auto">
        {hint()}
      </p>
      <p class="figures">
        <Elapsed />
        {!wish.question && !wish.discuss && <Prospect />}
        {online.value !== null && <span>{waiting.others(Math.max(0, online.value - 1))}</span>}
      </p>
      {wish.discuss && <OrChat />}
      <button type="button" class="button secondary" onClick={() => part("stop")}>
        {waiting.cancel}
      </button>
    </div>
  );
};

/** Maybe nobody asks anything just now. */
const OrChat = () => (
  <button type="button" class="link" onClick={() => void begin("text")}>
    {t.value.waiting.orChat}
  </button>
);

const Elapsed = () => (
  <span role="timer" aria-live="off">
    {t.value.waiting.elapsed(minutes(useNow() - chat.value.since))}
  </span>
);
