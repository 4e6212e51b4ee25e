// Starts what the page can do with script. Without it every page still works;
// only live search, progress and the keyboard are missing.
import { startArrival } from "./arrives.js";
import { startColumns } from "./columns.js";
import { startCompletion } from "./completes.js";
import { startCopy } from "./copy.js";
import { prepareForms, startForms } from "./forms.js";
import { startFilters } from "./filters.js";
import { startKeys } from "./keys.js";
import { startLinks } from "./links.js";
import { startList } from "./list.js";
import { startMenus } from "./menus.js";
import { startOpens } from "./opens.js";
import { startPrinting } from "./prints.js";
import { startReads } from "./reads.js";
import { startRuler } from "./ruler.js";
import { startSelect } from "./select.js";
import { startSheet } from "./sheet.js";
import { startShortcuts } from "./shortcuts.js";
import { startStrip } from "./strip.js";
import { startToasts } from "./toast.js";
import { startUploads } from "./uploads.js";
import { startUsername } from "./username.js";

startSheet(); // before the keys: in a cell they have their own meaning
startSelect(); // before the keys: one of its own may need someone selected
startKeys();
startShortcuts();
startList();
startArrival();
startFilters();
startColumns();
startForms();
startUsername();
startReads();
startCompletion();
startStrip();
startToasts();
startLinks();
startCopy();
startMenus();
startOpens();
startPrinting();
startUploads();
startRuler();

// A page that answers a form has no address of its own: whoever comes back to it comes to where it began.
const answer = document.querySelector("[data-came-from]");
if (answer) history.replaceState(history.state, "", answer.dataset.cameFrom);

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt === document.body) return; // the page itself has been started above
  prepareForms(elt);
  startReads(elt);
  startShortcuts(elt);
  startCompletion(elt);
});
