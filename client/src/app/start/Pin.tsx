/** A wish that is not given up, however long it takes. */
import type { Signal } from "@preact/signals";

export const Pin = ({ pin, label }: { pin: Signal<boolean>; label: string }) => (
  <label class="check pin">
    <input
      type="checkbox"
      checked={pin.value}
      onChange={(event) => {
        pin.value = event.currentTarget.checked;
      }}
    />
    <span>{label}</span>
  </label>
);
