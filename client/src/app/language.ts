/** The language of the page: the browser's, or the one chosen. */
import { effect, signal } from "@preact/signals";
import { en, type Texts } from "../texts/en";
import { pageLanguage } from "./preferences";

export const t = signal<Texts>(en);

const loaders: Record<string, () => Promise<Texts>> = {
  en: async () => en,
  // Loaded by those who read it, so that the others do not wait for it.
  de: async () => (await import("../texts/de")).de,
};

const wanted = (): string => (pageLanguage.value || navigator.language).slice(0, 2).toLowerCase();

/** Load the texts, and those of every other choice from now on. */
export async function loadLanguage(): Promise<void> {
  t.value = await (loaders[wanted()] ?? loaders.en!)();
  effect(() => {
    document.documentElement.lang = t.value.language.code;
  });
}

export async function switchLanguage(): Promise<void> {
  pageLanguage.value = t.value.language.code === "en" ? "de" : "en";
  t.value = await loaders[pageLanguage.value]!();
}

/** A language's name, in the language `within`. */
export const nameOf = (tag: string, within: string): string =>
  new Intl.DisplayNames([within], { type: "language" }).of(tag) ?? tag;
