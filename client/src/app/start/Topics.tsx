/** What people are waiting with right now; a click makes it an interest of one's own. */
import { useId } from "preact/hooks";
import { t } from "../language";
import { clean } from "../text/clean";
import { popular } from "../topics";

const MOST = 8;

interface TopicsProps {
  isKnown: (topic: string) => boolean;
  add: (topic: string) => void;
}

export const Topics = ({ isKnown, add }: TopicsProps) => {
  const { start } = t.value;
  const title = useId();
  const shown = popular.value.filter(({ topic }) => !isKnown(topic)).slice(0, MOST);
  if (!shown.length) return null;
  return (
    <div class="topics" role="group" aria-labelledby={title}>
      <p class="hint" id={title}>
        {start.topics}
      </p>
      {shown.map(({ topic, people }) => (
        <button type="button" class="topic" key={topic} onClick={() => add(topic)}>
          <span class="unseen">{start.addTopic.before}</span>
          <span class="name" dir="auto">
            {clean(topic)}
          </span>
          <span class="unseen">{start.addTopic.after(people)}</span>
          <span class="count" aria-hidden="true">
            {people}
          </span>
        </button>
      ))}
    </div>
  );
};
