/** The language to chat in, each named in itself. */
import { Field } from "../fields";
import { nameOf, t } from "../language";
import { chatLanguage, pinsLanguage } from "../preferences";
import { Pin } from "./Pin";

const TAGS =
  "ar bn cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh".split(" ");

export const LanguageChoice = () => (
  <Field label={t.value.start.language}>
    {(id) => (
      <>
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
              {nameOf(tag, tag)}
            </option>
          ))}
        </select>
        {chatLanguage.value && <Pin pin={pinsLanguage} label={t.value.start.pinLanguage} />}
      </>
    )}
  </Field>
);
