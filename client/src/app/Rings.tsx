/** The mark: two circles that meet. */

export const Rings = ({ kind }: { kind: "mark" | "search" | "scene" }) => (
  <svg class={`rings ${kind}`} viewBox="0 0 48 32" aria-hidden="true" focusable="false">
    <circle class="one" cx="17" cy="16" r="12" />
    <circle class="other" cx="31" cy="16" r="12" />
    <path class="meeting" d="M24 6.25a12 12 0 0 1 0 19.5a12 12 0 0 1 0-19.5Z" />
  </svg>
);
