// plot.tsx - one plot by uPlot, in the colours of the theme, as wide as its place. The sentence beside it says the same.
//
// uPlot sets positions through the style object of elements, which the page's policy allows; its sheet is in kith.css.

import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";

import { useApp } from "../app";

const HEIGHT_PX = 220;
const GAP_PX = 24;
const DAY_S = 86_400;

interface PlotProps {
	/** What it shows, for who does not see it. */
	label: string;
	/** Instants in seconds, or places from 0 on where `names` are given. */
	x: number[];
	y: number[];
	/** Of the places, under the plot; null: the plot is over time. */
	names: readonly string[] | null;
	/** Written at a line across, such as a limit. */
	limit?: { at: number; name: string } | undefined;
	/** Behind every number, its space before it. */
	unit?: string | undefined;
}

function colour(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Counts up whenever the system changes between light and dark, or in contrast. */
function useScheme(): number {
	const [n, set] = useState(0);
	useEffect(() => {
		const all = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(prefers-contrast: more)")];
		const changed = () => set((before) => before + 1);
		all.forEach((it) => it.addEventListener("change", changed));
		return () => all.forEach((it) => it.removeEventListener("change", changed));
	}, []);
	return n;
}

/** A dashed line with its name directly at it. */
function draw_limit(u: uPlot, at: number, name: string): void {
	const { ctx } = u;
	const y = u.valToPos(at, "y", true);
	ctx.save();
	ctx.strokeStyle = ctx.fillStyle = colour("--loquat");
	ctx.lineWidth = 2 * devicePixelRatio;
	ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
	ctx.beginPath();
	ctx.moveTo(u.bbox.left, y);
	ctx.lineTo(u.bbox.left + u.bbox.width, y);
	ctx.stroke();
	ctx.textAlign = "right";
	ctx.textBaseline = "bottom";
	ctx.fillText(name, u.bbox.left + u.bbox.width, y - 3 * devicePixelRatio);
	ctx.restore();
}

/** The value directly above each bar. */
function draw_values(u: uPlot, y: readonly number[], unit: string): void {
	const { ctx } = u;
	ctx.save();
	ctx.fillStyle = colour("--ink");
	ctx.textAlign = "center";
	ctx.textBaseline = "bottom";
	y.forEach((value, i) => ctx.fillText(`${Math.round(value * 10) / 10}${unit}`, u.valToPos(i, "x", true),
		u.valToPos(value, "y", true) - 3 * devicePixelRatio));
	ctx.restore();
}

function options(p: PlotProps, width: number, locale: string): uPlot.Options {
	const font = `13px ${getComputedStyle(document.body).fontFamily}`;
	const axis = { stroke: colour("--soft"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
	const most = Math.max(1, ...p.y, p.limit?.at ?? 0);
	const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
	const { names } = p;
	return {
		width, height: HEIGHT_PX,
		legend: { show: false },
		cursor: { show: false },
		padding: [GAP_PX, names && names.length > 3 ? 4 * GAP_PX : GAP_PX / 2, 0, 0],
		scales: {
			x: names ? { time: false, range: [-0.6, p.x.length - 0.4] }
				: { time: true, range: [p.x[0]! - DAY_S / 2, p.x[p.x.length - 1]! + DAY_S / 2] },
			y: { range: [0, most * 1.1] },
		},
		axes: [
			names
				? { ...axis, splits: () => p.x, values: () => [...names], grid: { show: false }, rotate: names.length > 3 ? -35 : 0,
					size: names.length > 3 ? 90 : 30 }
				: { ...axis, space: 80, values: (_, at) => at.map((s) => date.format(s * 1000)), size: 30, grid: { show: false } },
			{ ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
				values: (_, at) => at.map((v) => `${v}${p.unit ?? ""}`) },
		],
		series: [
			{},
			{ fill: colour("--berry"), stroke: colour("--berry"), width: 0, points: { show: false },
				paths: uPlot.paths.bars!({ size: names ? [0.6, 60] : [0.8, 24] }) },
		],
		hooks: {
			draw: [(u) => {
				u.ctx.font = `${13 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
				if (names)
					draw_values(u, p.y, p.unit ?? "");
				if (p.limit)
					draw_limit(u, p.limit.at, p.limit.name);
			}],
		},
	};
}

export function Plot(p: PlotProps) {
	const { t, theme } = useApp();
	const scheme = useScheme();
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const place = box.current!;
		const plot = new uPlot(options(p, place.clientWidth, t.time.locale), [p.x, p.y], place);
		// What it draws is a picture: the words are its label and the sentence beside it.
		const watch = new ResizeObserver(() => {
			if (place.clientWidth > 0 && place.clientWidth !== plot.width)
				plot.setSize({ width: place.clientWidth, height: HEIGHT_PX });
		});
		watch.observe(place);
		return () => {
			watch.disconnect();
			plot.destroy();
		};
	}, [p.x, p.y, t, theme, scheme]);
	return <div class="drawn" ref={box} role="img" aria-label={p.label} />;
}
