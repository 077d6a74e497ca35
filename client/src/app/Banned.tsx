/** For who may not come in: why, until when, and how to object. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { TextArea } from "./fields";
import { useFocusOnArrival } from "./focus";
import { t } from "./language";
import { Masthead } from "./Masthead";
import { client, standing } from "./store";

const EVERY = 10_000;
const MOST = 2_000;

/** Ask now and then what has become of it, while somebody looks at it. */
function useNews(): void {
  useEffect(() => {
    const look = (): void => {
      // An answer that does not come now comes later.
      if (!document.hidden && !client.standing.state.isLifted) client.standing.look().catch(() => null);
    };
    look();
    const timer = setInterval(look, EVERY);
    addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      removeEventListener("visibilitychange", look);
    };
  }, []);
}

export const Banned = () => {
  const { ban, isLifted } = standing.value;
  const { banned } = t.value;
  const title = useFocusOnArrival<HTMLHeadingElement>();
  useNews();
  if (!ban) return null;
  return (
    <div class="start">
      <Masthead />
      <main class="banned">
        <section class="card">
          <h1 ref={title} tabIndex={-1}>
            {isLifted ? banned.lifted : banned.title}
          </h1>
          {!isLifted && <Why />}
          <Appeal />
          {isLifted && (
            <button type="button" class="button primary" onClick={() => client.standing.dismiss()}>
              {t.value.ended.home}
            </button>
          )}
        </section>
      </main>
    </div>
  );
};

const Why = () => {
  const { ban } = standing.value;
  const { banned, language } = t.value;
  if (!ban) return null;
  const end = ban.until && new Date(ban.until).toLocaleString(language.code, FORMAT);
  return (
    <>
      <p>
        {banned.reason} <q dir="auto">{ban.reason}</q>
      </p>
      <p>{end ? banned.until(end) : banned.forGood}</p>
      <p class="hint">
        {banned.reference} <strong class="reference">{ban.reference}</strong>
      </p>
    </>
  );
};

const FORMAT = { dateStyle: "long", timeStyle: "short" } as const;

const Appeal = () => {
  const { ban, isLifted } = standing.value;
  const { banned } = t.value;
  if (!ban || (ban.appeal === "none" && isLifted)) return null;
  if (ban.appeal === "none") return <Objection />;
  return (
    <div role="status">
      <p>{banned.appeal[ban.appeal]}</p>
      {ban.answer && (
        <p>
          {banned.answer} <q dir="auto">{ban.answer}</q>
        </p>
      )}
    </div>
  );
};

const Objection = () => {
  const text = useSignal("");
  const stage = useSignal<"writing" | "sending" | "failed">("writing");
  const { banned } = t.value;

  const send = async (): Promise<void> => {
    if (!text.value.trim() || stage.value === "sending") return;
    stage.value = "sending";
    try {
      await client.standing.appeal(text.value.trim());
    } catch (error) {
      console.warn("The appeal was not taken:", error);
      stage.value = "failed";
    }
  };
  return (
    <form
      class="objection"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextArea
        label={banned.object}
        rows={4}
        most={MOST}
        value={text.value}
        onChange={(value) => {
          text.value = value;
        }}
      />
      <p class="error" role="alert">
        {stage.value === "failed" && banned.failed}
      </p>
      <button
        type="submit"
        class="button primary"
        disabled={!text.value.trim() || stage.value === "sending"}
      >
        {banned.send}
      </button>
    </form>
  );
};
