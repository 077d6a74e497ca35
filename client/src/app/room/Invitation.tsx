/** Going on by video, as one has asked the stranger, or the stranger asks. */
import { t } from "../language";
import { chat, client } from "../store";
import { Action, Notice } from "./Notice";

export const Invitation = () => {
  const { upgrade: texts } = t.value;
  const { stands } = chat.value.upgrade;
  if (stands === "open") return null;
  return (
    <Notice text={texts[stands]}>
      {stands === "invited" && (
        <span class="answers">
          <Action label={texts.accept} act={() => client.answerUpgrade(true)} />
          <Action label={texts.decline} act={() => client.answerUpgrade(false)} />
        </span>
      )}
    </Notice>
  );
};
