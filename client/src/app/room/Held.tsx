/** That the server asks to wait, and how long; what waits goes on by itself. */
import type { Hold } from "../../rendezvous";
import { t } from "../language";
import { useNow } from "../now";
import { Notice } from "./Notice";

export const Held = ({ hold }: { hold: Hold }) => {
  const { holds } = t.value;
  const isLimited = hold.code === "rate_limited";
  return (
    <Notice
      text={hold.code === "token_in_use" ? holds.inUse : isLimited ? holds.limited : holds.unavailable}
    >
      {isLimited && <Remaining until={hold.until} />}
    </Notice>
  );
};

const Remaining = ({ until }: { until: number }) => {
  const seconds = Math.max(0, Math.ceil((until - useNow()) / 1_000));
  return (
    <span role="timer" aria-live="off">
      {t.value.holds.remaining(seconds)}
    </span>
  );
};
