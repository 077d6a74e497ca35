/** Parts of forms that bring their label along. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  /** What the label names, which gets this id. */
  children: (id: string) => ComponentChildren;
}

export const Field = ({ label, children }: FieldProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
};

interface InOwnWords {
  label: string;
  rows: number;
  /** The most characters. */
  most: number;
  value: string;
  onChange: (value: string) => void;
  /** Whether a dialog opens with the focus here. */
  isFirst?: boolean;
}

export const TextArea = ({ label, rows, most, value, onChange, isFirst }: InOwnWords) => (
  <Field label={label}>
    {(id) => (
      <textarea
        id={id}
        rows={rows}
        dir="auto"
        maxLength={most}
        autofocus={isFirst}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    )}
  </Field>
);

interface YesOrNo {
  id?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** The id of what says that it is missing. */
  error?: string | undefined;
  children: ComponentChildren;
}

export const Check = ({ id, checked, onChange, error, children }: YesOrNo) => (
  <label class="check">
    <input
      id={id}
      type="checkbox"
      checked={checked}
      aria-describedby={error}
      aria-invalid={error !== undefined && !checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
    <span>{children}</span>
  </label>
);

interface OneOf<Value extends string> {
  legend: string;
  names: Record<NoInfer<Value>, string>;
  values: readonly Value[];
  value: Value | null;
  onChange: (value: Value) => void;
  /** The id of what is wrong with it. */
  error?: string;
}

export const Choice = <Value extends string>(props: OneOf<Value>) => {
  const { legend, names, values, value, onChange, error } = props;
  const group = useId();
  return (
    <fieldset class="choice" aria-describedby={error}>
      <legend>{legend}</legend>
      {values.map((each) => (
        <label class="check" key={each}>
          <input type="radio" name={group} checked={value === each} onChange={() => onChange(each)} />
          <span>{names[each]}</span>
        </label>
      ))}
    </fieldset>
  );
};
