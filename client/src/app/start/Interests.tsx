/** Interests as tags: Enter or a comma adds, Backspace in the empty field removes the last. */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { announce } from "../announce";
import { CloseIcon } from "../icons";
import { t } from "../language";
import { interests, pinsInterests } from "../preferences";
import { Pin } from "./Pin";
import { Topics } from "./Topics";

const MOST = 10;
const LONGEST = 50;

const has = (interest: string): boolean =>
  interests.value.some((one) => one.toLowerCase() === interest.toLowerCase());

/** Add what is typed, commas apart; each once, whatever its case. */
function add(typed: string): void {
  for (const each of typed.split(",").map((part) => part.trim().slice(0, LONGEST))) {
    if (!each || has(each) || interests.value.length >= MOST) continue;
    interests.value = [...interests.value, each];
    announce(t.value.start.added(each));
  }
}

function remove(interest: string): void {
  interests.value = interests.value.filter((each) => each !== interest);
  announce(t.value.start.removed(interest));
}

export const Interests = () => {
  const [field, hint] = [useId(), useId()];
  const typed = useSignal("");
  const input = useRef<HTMLInputElement>(null);
  const texts = t.value.start;
  const isFull = interests.value.length >= MOST;

  const commit = (): void => {
    add(typed.value);
    typed.value = "";
  };
  const key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Enter" && typed.value.trim()) {
      event.preventDefault();
      commit();
    }
    const last = interests.value.at(-1);
    if (event.key === "Backspace" && !typed.value && last) remove(last);
  };

  return (
    <div class="field">
      <label for={field}>{texts.interests}</label>
      <div class="tags" onClick={(event) => event.target === event.currentTarget && input.current?.focus()}>
        {interests.value.map((interest) => (
          <span class="tag" key={interest}>
            <span dir="auto">{interest}</span>
            <button
              type="button"
              aria-label={texts.remove(interest)}
              onClick={() => {
                remove(interest);
                input.current?.focus();
              }}
            >
              <CloseIcon />
            </button>
          </span>
        ))}
        <input
          ref={input}
          id={field}
          value={typed.value}
          disabled={isFull}
          autocomplete="off"
          enterkeyhint="done"
          aria-describedby={hint}
          placeholder={interests.value.length ? "" : texts.interestsPlaceholder}
          maxLength={LONGEST * MOST}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            if (typed.value.includes(",")) commit();
          }}
          onKeyDown={key}
          onBlur={commit}
        />
      </div>
      <p class="hint" id={hint}>
        {isFull ? texts.interestsFull : texts.interestsHint}
      </p>
      {!isFull && <Topics isKnown={has} add={add} />}
      {interests.value.length > 0 && <Pin pin={pinsInterests} label={texts.pinInterests} />}
    </div>
  );
};
