/** Both pictures, and what one can do about them. */
import { useRef } from "preact/hooks";
import { isWaiting } from "../store";
import { Controls } from "./Controls";
import { Interlude } from "./Interlude";
import { OwnVideo } from "./OwnVideo";
import { StrangerVideo } from "./StrangerVideo";
import { Waiting } from "./Waiting";

export const Stage = () => {
  const stage = useRef<HTMLElement>(null);
  return (
    <section class="stage" ref={stage}>
      <div class="far">
        <StrangerVideo />
        {isWaiting.value ? <Waiting /> : <Interlude />}
      </div>
      <OwnVideo />
      <Controls stage={stage} />
    </section>
  );
};
