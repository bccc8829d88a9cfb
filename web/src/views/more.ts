// more.ts - the views that are not opened every day, fetched together when the first of them is.

export { Edit } from "./edit";
export { GroupPage } from "./group";
export { Groups } from "./groups";
export { History } from "./history";
export { Join } from "./join";
export { Reset } from "./reset";
export { Search } from "./search";
export { Settings } from "./settings";
export { Tags } from "./tags";
export { Write } from "./write";
