// order.ts - what the house did, and the stewards' desk.

import { get, post } from "./send";
import type { Measure, Review } from "./types";

export const measures = () => get<Measure[]>("/api/kith/v1/measures");
export const review = () => get<Review[]>("/api/kith/v1/review");
export const decide = (id: string, release: boolean, note: string) =>
	post<Measure>(`/api/kith/v1/review/${id}/${release ? "release" : "keep"}`, note ? { note } : {});
