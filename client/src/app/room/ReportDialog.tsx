/** The form of a report: why, in one's own words, with a picture if one wants. */
import { useId } from "preact/hooks";
import type { Reason } from "../../rendezvous";
import { brand } from "../brand";
import { Dialog } from "../Dialog";
import { Check, Choice, TextArea } from "../fields";
import { t } from "../language";
import { chat, reference } from "../store";
import { change, closeReport, type Form, form, send } from "./report";

const REASONS: Reason[] = [
  "minor",
  "sexual",
  "violence",
  "self_harm",
  "harassment",
  "hate",
  "illegal",
  "spam",
  "other",
];
const ABOUT = ["stranger", "question"] as const;
const MOST = 1_000;

export const ReportDialog = () => {
  const { report: texts } = t.value;
  if (!form.value) return null;
  return (
    <Dialog title={texts.title} onClose={closeReport}>
      {form.value.stage === "sent" ? <Receipt /> : <Questions form={form.value} />}
    </Dialog>
  );
};

const Questions = ({ form }: { form: Form }) => {
  const { reason, comment, about, picture, attaches, blocks, stage } = form;
  const error = useId();
  const { report: texts } = t.value;
  return (
    <form
      class="report"
      onSubmit={(event) => {
        event.preventDefault();
        if (stage !== "sending") void send(form);
      }}
    >
      {/* Where a question is discussed, it may be what is wrong. */}
      {chat.value.discussion && (
        <Choice
          legend={texts.about.legend}
          names={texts.about}
          values={ABOUT}
          value={about}
          onChange={(value) => change({ about: value })}
        />
      )}
      <Choice
        legend={texts.reason}
        names={texts.reasons}
        values={REASONS}
        value={reason}
        onChange={(value) => change({ reason: value, stage: "writing" })}
        error={error}
      />
      <TextArea
        label={texts.comment}
        rows={2}
        most={MOST}
        value={comment}
        onChange={(value) => change({ comment: value })}
      />
      {picture && (
        <Check checked={attaches} onChange={(value) => change({ attaches: value })}>
          {texts.attach}
          <img class={attaches ? "evidence" : "evidence apart"} src={picture} alt={texts.picture} />
        </Check>
      )}
      {chat.value.blocking === null && about === "stranger" && (
        <Check checked={blocks} onChange={(value) => change({ blocks: value })}>
          {texts.block}
        </Check>
      )}
      <p class="hint">{texts.hint}</p>
      <div class="foot">
        <p id={error} class="error" role="alert">
          {stage === "incomplete" && texts.missing}
          {stage === "failed" && texts.failed}
        </p>
        <div class="dialog-buttons">
          <button type="button" class="button quiet" onClick={closeReport}>
            {texts.cancel}
          </button>
          <button type="submit" class="button primary" disabled={stage === "sending"}>
            {stage === "sending" ? texts.sending : texts.send}
          </button>
        </div>
      </div>
    </form>
  );
};

const Receipt = () => (
  <div class="report" role="status">
    <p>{t.value.report.thanks}</p>
    <Reference />
    <div class="dialog-buttons">
      <button type="button" class="button primary" onClick={closeReport}>
        {t.value.media.close}
      </button>
    </div>
  </div>
);

/** What the report is called, and whom to ask about it, if the operator says so. */
export const Reference = () => {
  const contact = brand.value.report_contact;
  const { report: texts } = t.value;
  return (
    <p>
      {texts.reference} <strong class="reference">{reference.value}</strong>
      {contact && (
        <>
          {". "}
          {texts.contact}{" "}
          <a href={contact} target="_blank" rel="noopener noreferrer">
            {contact.replace(/^mailto:/, "")}
          </a>
        </>
      )}
    </p>
  );
};
