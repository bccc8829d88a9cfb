// api.ts - the only way to the server, gathered from api/. docs/api.md is the contract.

export * from "./api/account";
export * from "./api/groups";
export * from "./api/live";
export * from "./api/order";
export * from "./api/people";
export * from "./api/posts";
export { all, ApiError, end_asking, on_reach, kept_at, type Progress } from "./api/send";
export type * from "./api/types";
