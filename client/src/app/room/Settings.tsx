/** Which camera and microphone, how loud the stranger is, and whether messages sound. */
import { signal } from "@preact/signals";
import type { Kind } from "../../rendezvous";
import { Dialog } from "../Dialog";
import { Check, Field } from "../fields";
import { t } from "../language";
import { sounds, volume } from "../preferences";
import { devices, media } from "../store";

const isOpen = signal(false);

export function openSettings(): void {
  isOpen.value = true;
}

const closed = (): void => {
  isOpen.value = false;
};

export const Settings = () => {
  const { media: texts } = t.value;
  if (!isOpen.value) return null;
  return (
    <Dialog title={texts.settings} onClose={closed}>
      <DeviceChoice kind="video" label={texts.cameraDevice} />
      <DeviceChoice kind="audio" label={texts.microphoneDevice} />
      <Field label={texts.volume}>
        {(id) => (
          <input
            id={id}
            type="range"
            min="0"
            max="1"
            step="0.05"
            value={volume.value}
            onInput={(event) => {
              volume.value = event.currentTarget.valueAsNumber;
            }}
          />
        )}
      </Field>
      <Check
        checked={sounds.value}
        onChange={(checked) => {
          sounds.value = checked;
        }}
      >
        {texts.sounds}
      </Check>
    </Dialog>
  );
};

const DeviceChoice = ({ kind, label }: { kind: Kind; label: string }) => {
  const { devices: all, chosen } = devices.value;
  const { media: texts } = t.value;
  const used = chosen[kind] ?? media.track(kind)?.getSettings().deviceId ?? "";
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          disabled={all[kind].length === 0}
          value={used}
          onChange={(event) => void media.choose(kind, event.currentTarget.value)}
        >
          {all[kind].map((device, index) => (
            <option key={device.id} value={device.id}>
              {device.label || texts.unnamed(label, index + 1)}
            </option>
          ))}
          {all[kind].length === 0 && <option value="">–</option>}
        </select>
      )}
    </Field>
  );
};
