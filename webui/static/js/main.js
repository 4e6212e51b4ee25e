// Starts what the page can do with script. Without it every page still works;
// only live search, progress and the keyboard are missing.
import { startFilters } from "./filters.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLinks } from "./links.js";
import { startList } from "./list.js";
import { startReads } from "./reads.js";
import { startShortcuts } from "./shortcuts.js";
import { startTags } from "./tags.js";
import { startToasts } from "./toast.js";
import { startUsername } from "./username.js";

startKeys();
startShortcuts();
startList();
startFilters();
startForms();
startUsername();
startReads();
startTags();
startToasts();
startLinks();
