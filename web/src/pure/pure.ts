// pure.ts - all helpers without a browser in them, as one entry for the tests.

export * from "./spans";
export * from "./time";
export * from "./words";
export * from "./blurhash";
export * from "./zoom";
export * from "./folds";
export * from "../views/console/drafts";
