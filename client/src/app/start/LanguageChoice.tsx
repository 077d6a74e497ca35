/** The language to chat in, each named in itself. */
import { useId } from "preact/hooks";
import { t } from "../language";
import { chatLanguage } from "../preferences";

const TAGS =
  "ar bn cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh".split(" ");

const nameOf = (tag: string): string =>
  new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;

export const LanguageChoice = () => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t.value.start.language}</label>
      <select
        id={id}
        value={chatLanguage.value}
        onChange={(event) => {
          chatLanguage.value = event.currentTarget.value;
        }}
      >
        <option value="">{t.value.start.anyLanguage}</option>
        {TAGS.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </select>
    </div>
  );
};
