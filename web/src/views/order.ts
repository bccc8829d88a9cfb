// order.ts - what members see of the order, fetched together when the first of it is opened.

export { Held, HeldAnswer } from "./order/held";
export { Juries } from "./order/juries";
export { JurorChoice } from "./order/juror";
export { Report } from "./order/report";
export { Rules } from "./order/rules";
