// api.ts - the only way to the server, gathered from api/. docs/api.md is the contract. api/order.ts comes with the views
// that need it.

export * from "./api/account";
export * from "./api/groups";
export * from "./api/live";
export * from "./api/people";
export * from "./api/posts";
export { all, ApiError, end_asking, on_reach, kept_at, type Progress } from "./api/send";
export type * from "./api/types";
