/** The name over a page that is not the room; beside it whatever that page offers. */
import type { ComponentChildren } from "preact";
import { brand } from "./brand";
import { Rings } from "./Rings";

export const Masthead = ({ children }: { children?: ComponentChildren }) => (
  <header class="masthead">
    <span class="wordmark">
      <Rings kind="mark" />
      {brand.value.name}
    </span>
    {children}
  </header>
);
