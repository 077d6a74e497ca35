/** Sentences for screen readers that have no place of their own on the page. */
import { signal } from "@preact/signals";

const sentence = signal("");

export function announce(text: string): void {
  // The same sentence twice is only read out again if it differs.
  sentence.value = sentence.value === text ? `${text}\u00a0` : text;
}

export const Announcer = () => (
  <div role="status" class="unseen">
    {sentence}
  </div>
);
