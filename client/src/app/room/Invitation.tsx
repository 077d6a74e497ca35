/** Going on by video, as one has asked the stranger, or the stranger asks. */
import { t } from "../language";
import { chat, client } from "../store";

export const Invitation = () => {
  const { upgrade: texts } = t.value;
  const { stands } = chat.value.upgrade;
  if (stands === "open") return null;
  return (
    <div class="notice">
      <p>{texts[stands]}</p>
      {stands === "invited" && (
        <span class="answers">
          <button type="button" class="link" onClick={() => client.answerUpgrade(true)}>
            {texts.accept}
          </button>
          <button type="button" class="link" onClick={() => client.answerUpgrade(false)}>
            {texts.decline}
          </button>
        </span>
      )}
    </div>
  );
};
