/** A button with a picture and words; where one that `collapses` lacks room, the words are its title. */
import type { ComponentType } from "preact";

interface ToolProps {
  Icon: ComponentType;
  label: string;
  act: () => void;
  isDisabled?: boolean;
  collapses?: boolean;
  kind?: "quiet" | "secondary";
}

export const Tool = ({ Icon, label, act, isDisabled, collapses, kind = "quiet" }: ToolProps) => (
  <button
    type="button"
    class={`button ${kind} ${collapses ? "collapses" : ""}`}
    title={collapses ? label : undefined}
    disabled={isDisabled}
    onClick={act}
  >
    <Icon />
    <span>{label}</span>
  </button>
);
