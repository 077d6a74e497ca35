/** Parts of forms that bring their label along. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface InOwnWords {
  label: string;
  rows: number;
  /** The most characters. */
  most: number;
  value: string;
  onChange: (value: string) => void;
}

export const TextArea = ({ label, rows, most, value, onChange }: InOwnWords) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        dir="auto"
        maxLength={most}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
};

interface YesOrNo {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ComponentChildren;
}

export const Check = ({ checked, onChange, children }: YesOrNo) => (
  <label class="check">
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
    <span>{children}</span>
  </label>
);
