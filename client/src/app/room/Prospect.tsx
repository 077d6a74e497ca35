/** What somebody who waits is told: whom one looks for by now, one's place, and how long it may take. */
import { chat } from "../store";
import { nameOf, t } from "../language";
import { roughly } from "../time";

/** Whom one looks for, in plain words; the first of it before the server has told anything. */
function sought(): string {
  const { wish, prospect } = chat.value;
  const { waiting, language } = t.value;
  const level = prospect?.widened_to ?? "exact";
  const likes = wish.interests.join(waiting.or);
  const speaks = wish.language && nameOf(wish.language, language.code);
  const sentences = {
    exact: waiting.sought(likes, speaks ?? ""),
    interest: waiting.widened(likes, ""),
    language: waiting.widened("", speaks ?? ""),
    anyone: wish.interests.length || speaks ? waiting.widened("", "") : waiting.sought("", ""),
  };
  return sentences[level];
}

export const Sought = () => (
  <p class="sought" role="status" dir="auto">
    {sought()}
  </p>
);

/** Not announced, because it changes every few seconds; with room for one's place from the start. */
export const Prospect = () => {
  const { prospect } = chat.value;
  const { waiting } = t.value;
  const estimate = prospect?.estimated_wait ?? null;
  return (
    <>
      <span class={prospect ? "" : "unknown"}>{waiting.place(prospect?.position ?? 1)}</span>
      {estimate !== null && <span>{waiting.estimate(roughly(estimate))}</span>}
    </>
  );
};
