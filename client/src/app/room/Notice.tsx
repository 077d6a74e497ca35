/** A sentence that somebody should not miss, and what can be done about it. */
import type { ComponentChildren } from "preact";

export const Notice = ({ text, children }: { text: string; children?: ComponentChildren }) => (
  <div class="notice">
    <p>{text}</p>
    {children}
  </div>
);

export const Action = ({ label, act }: { label: string; act: () => void }) => (
  <button type="button" class="link" onClick={act}>
    {label}
  </button>
);
