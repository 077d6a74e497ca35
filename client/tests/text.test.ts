import { expect, test } from "vitest";
import { clean } from "../src/app/text/clean";
import { pieces } from "../src/app/text/links";

test("controls that reorder other people's text are taken out", () => {
  expect(clean("a\u202eb\u2066c\u2069\u202c\u0000d")).toBe("abcd");
});

test("piles of marks shrink, and marks that scripts need stay", () => {
  expect(clean(`Z${"\u0301".repeat(80)}!`)).toBe(`Z${"\u0301".repeat(4)}!`);
  expect(clean("שָׁלוֹם नमस्ते 👩‍👩‍👧‍👦")).toBe("שָׁלוֹם नमस्ते 👩‍👩‍👧‍👦");
});

test("lines stay, long gaps do not", () => {
  expect(clean("\n a\r\nb\n\n\n\n\nc ")).toBe("a\nb\n\nc");
});

test("addresses become links without the full stop that follows", () => {
  const [before, link, after] = pieces("see https://example.com/a?b=c. Bye");
  expect(before?.text).toBe("see ");
  expect(link?.url?.href).toBe("https://example.com/a?b=c");
  expect(after?.text).toBe(". Bye");
});

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "ftp://example.com",
  "https://bank.example@evil.example/",
  "https://",
  "<img src=x onerror=alert(1)>",
])("%s stays text", (text) => {
  expect(pieces(text)).toEqual([{ text, url: null }]);
});
