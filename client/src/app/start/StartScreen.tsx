/** The first screen: what this is, whom one would like to meet, and the two ways in. */
import { useEffect, useId } from "preact/hooks";
import type { ChatType } from "../../rendezvous";
import { online } from "../crowd";
import { useFocusOnArrival } from "../focus";
import { CameraIcon, TextIcon } from "../icons";
import { switchLanguage, t } from "../language";
import { Masthead } from "../Masthead";
import { Rings } from "../Rings";
import { begin, chat } from "../store";
import { Consent, hasConsented } from "./Consent";
import { Interests } from "./Interests";
import { LanguageChoice } from "./LanguageChoice";
import { Meetings } from "./Meetings";
import { Questions } from "./Questions";

/** Whether the visit begins here; then the browser has put the focus where it belongs. */
let isFirstScreen = true;

export const StartScreen = () => {
  const { start, language } = t.value;
  const title = useFocusOnArrival<HTMLHeadingElement>(!isFirstScreen);
  useEffect(() => {
    isFirstScreen = false;
  }, []);
  return (
    <div class="start">
      <Masthead>
        <button
          type="button"
          class="link"
          lang={language.code === "en" ? "de" : "en"}
          onClick={() => void switchLanguage()}
        >
          {language.switchTo}
        </button>
      </Masthead>
      <main class="welcome">
        <section class="pitch">
          <Rings kind="scene" />
          <h1 ref={title} tabIndex={-1}>
            {start.title}
          </h1>
          <p class="lead">{start.lead}</p>
          <Here />
        </section>
        <form class="card" aria-label={start.form} onSubmit={(event) => event.preventDefault()}>
          <Refusal />
          <Meetings />
          <Interests />
          <LanguageChoice />
          <Consent />
          <div class="ways">
            <Way chatType="text" />
            <Way chatType="video" />
          </div>
          <Questions />
        </form>
      </main>
    </div>
  );
};

/** How many are here; its place is kept until the server has told. */
const Here = () => {
  const { start } = t.value;
  return (
    <p class={`here ${online.value ? "" : "nobody"}`}>
      <span class="pulse" aria-hidden="true" />
      {online.value !== null && start.here(online.value)}
    </p>
  );
};

const Way = ({ chatType }: { chatType: ChatType }) => {
  const hint = useId();
  const { start } = t.value;
  const isText = chatType === "text";
  return (
    <div class="way">
      <button
        type="button"
        class={`button large ${isText ? "secondary" : "primary"}`}
        aria-describedby={hint}
        onClick={() => hasConsented() && void begin(chatType)}
      >
        {isText ? <TextIcon /> : <CameraIcon />}
        {isText ? start.text : start.video}
      </button>
      <span class="hint" id={hint}>
        {isText ? start.textHint : start.videoHint}
      </span>
    </div>
  );
};

/** Why the last try to start did not succeed. */
const Refusal = () => {
  const { refusal } = chat.value;
  const { refusals } = t.value;
  if (!refusal) return null;
  return (
    <p class="notice" role="alert">
      {refusal in refusals ? refusals[refusal as keyof typeof refusals] : refusals.other}
    </p>
  );
};
