/** Where the page begins. */
import { render } from "preact";
import "../style/index.css";
import { watchUnread } from "./alerts";
import { App } from "./App";
import { loadBrand } from "./brand";
import { watchCrowd } from "./crowd";
import { loadLanguage } from "./language";
import { listenForEscape } from "./shortcuts";
import { watchMeetings } from "./meetings";
import { resume } from "./store";

await Promise.all([loadBrand(), loadLanguage()]);
watchMeetings();
resume();
watchCrowd();
watchUnread();
listenForEscape();
render(<App />, document.getElementById("app") as HTMLElement);
