/** A wish that is not given up, however long it takes. */
import type { Signal } from "@preact/signals";
import { Check } from "../fields";

export const Pin = ({ pin, label }: { pin: Signal<boolean>; label: string }) => (
  <div class="pin">
    <Check
      checked={pin.value}
      onChange={(checked) => {
        pin.value = checked;
      }}
    >
      {label}
    </Check>
  </div>
);
