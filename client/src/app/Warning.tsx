/** What a moderator has to say to this person, before they go on. */
import { Dialog } from "./Dialog";
import { t } from "./language";
import { client, standing } from "./store";

export const Warning = () => {
  const { warning } = standing.value;
  const { warned, report } = t.value;
  if (!warning) return null;
  const close = (): void => client.standing.understood();
  return (
    <Dialog title={warned.title} onClose={close}>
      <p>{warned.text(report.reasons[warning])}</p>
      <div class="dialog-buttons">
        <button type="button" class="button primary" onClick={close}>
          {warned.understood}
        </button>
      </div>
    </Dialog>
  );
};
