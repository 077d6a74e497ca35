/** What strangers write, made harmless for the layout: the words stay as they are. */

/** Explicit embeddings, overrides and isolates (Unicode UAX #9, section 2), which reorder others' text. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
/** Control characters other than tab and line feed. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** More marks on one letter than any script needs. */
const PILES = /(\p{M}{4})\p{M}+/gu;
const GAPS = /\n{3,}/g;

export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(BIDI, "")
    .replace(CONTROLS, "")
    .replace(PILES, "$1")
    .replace(GAPS, "\n\n")
    .trim();
}
