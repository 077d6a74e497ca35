/** The other two ways in: ask two strangers a question, or discuss somebody's with another. */
import { signal } from "@preact/signals";
import { Dialog } from "../Dialog";
import { TextArea } from "../fields";
import { t } from "../language";
import { begin, chat } from "../store";
import { hasConsented } from "./Consent";

const MOST = 500;

/** What is about to be asked; null while nobody is about to. */
const draft = signal<string | null>(null);

function open(): void {
  if (hasConsented()) draft.value = chat.value.wish.question ?? "";
}

function ask(): void {
  const question = draft.value?.trim();
  if (!question) return;
  draft.value = null;
  void begin("text", { question });
}

export const Questions = () => {
  const { question: texts } = t.value;
  return (
    <>
      <div class="questions">
        <button type="button" class="button quiet" onClick={open}>
          {texts.ask}
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={() => hasConsented() && void begin("text", { discuss: true })}
        >
          {texts.discuss}
        </button>
      </div>
      {draft.value !== null && <Form text={draft.value} />}
    </>
  );
};

const Form = ({ text }: { text: string }) => {
  const { question: texts } = t.value;
  const close = (): void => {
    draft.value = null;
  };
  return (
    <Dialog title={texts.ask} onClose={close}>
      <TextArea
        label={texts.yours}
        rows={4}
        most={MOST}
        value={text}
        onChange={(value) => {
          draft.value = value;
        }}
        isFirst
      />
      <p class="hint">{texts.hint}</p>
      <div class="dialog-buttons">
        <button type="button" class="button quiet" onClick={close}>
          {texts.cancel}
        </button>
        <button type="button" class="button primary" disabled={!text.trim()} onClick={ask}>
          {texts.send}
        </button>
      </div>
    </Dialog>
  );
};
