/** The question that is discussed, and whether somebody watches: said plainly, for as long as it holds. */
import { t } from "../language";
import { chat } from "../store";
import { clean } from "../text/clean";

export const Question = () => {
  const { question: texts } = t.value;
  const { discussion, phase } = chat.value;
  if (!discussion) return null;
  return (
    <aside class="question" aria-label={texts.label}>
      <p dir="auto">
        <strong>{clean(discussion.question)}</strong>
      </p>
      {phase !== "ended" && <p role="status">{texts.watchers[discussion.asker]}</p>}
    </aside>
  );
};
