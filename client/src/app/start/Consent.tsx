/** Age and conduct, confirmed before the first chat and remembered. */
import { signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Check } from "../fields";
import { t } from "../language";
import { consented } from "../preferences";

const isAdult = signal(false);
const isKind = signal(false);
const isMissing = signal(false);

/** Whether chats may begin; if not, the first box that is missing gets the focus. */
export function hasConsented(): boolean {
  if (isAdult.value && isKind.value) consented.value = true;
  isMissing.value = !consented.value;
  if (isMissing.value) document.getElementById(isAdult.value ? "conduct" : "age")?.focus();
  return consented.value;
}

const withdraw = (): void => {
  consented.value = isAdult.value = isKind.value = false;
};

export const Consent = () => {
  const error = useId();
  const { consent } = t.value;
  if (consented.value) {
    return (
      <p class="consent-given">
        {consent.given}{" "}
        <button type="button" class="link" onClick={withdraw}>
          {consent.withdraw}
        </button>
      </p>
    );
  }
  const box = (id: string, given: typeof isAdult, label: string) => (
    <Check
      id={id}
      checked={given.value}
      error={isMissing.value ? error : undefined}
      onChange={(checked) => {
        given.value = checked;
      }}
    >
      {label}
    </Check>
  );
  return (
    <fieldset class="consent">
      <legend>{consent.legend}</legend>
      {box("age", isAdult, consent.age)}
      {box("conduct", isKind, consent.conduct)}
      <p id={error} class="error" role="alert">
        {isMissing.value && !(isAdult.value && isKind.value) ? consent.missing : ""}
      </p>
    </fieldset>
  );
};
