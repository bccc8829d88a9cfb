// pictures.tsx - the pictures of a post: one in its own shape, two, four or nine as a grid; each opens the viewer.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Picture, Source } from "../api";
import { useApp } from "../app";
import { blur_pixels } from "../pure/blurhash";
import { Viewer } from "./viewer";

const BLUR_PX = 20;

/** The blurred colours of a picture, under it. */
export function Blur({ hash }: { hash: string | null }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	useLayoutEffect(() => {
		const pixels = hash ? blur_pixels(hash, BLUR_PX, BLUR_PX) : null;
		if (pixels)
			canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, BLUR_PX, BLUR_PX), 0, 0);
	}, [hash]);
	return <canvas class="blur" width={BLUR_PX} height={BLUR_PX} aria-hidden="true" ref={canvas} />;
}

const set_of = (sources: readonly Source[], kind: "webp" | "jpeg") =>
	sources.map((s) => `${s[kind]} ${s.width}w`).join(", ");

interface ShownProps {
	it: Picture;
	alt: string;
	sizes: string;
	lazy: boolean;
	/** Sizes worth fetching here; the smallest first. */
	use?: ("small" | "middle" | "large")[];
}

/** One picture in the sizes and formats there are, with its place kept. */
export function Shown({ it, alt, sizes, lazy, use = ["small", "middle"] }: ShownProps) {
	const all = it.kith_sources;
	const large = it.meta?.original ?? all?.large;
	const sources = all ? use.map((size) => all[size]) : [];
	return (
		<picture>
			{all && <source type="image/webp" srcset={set_of(sources, "webp")} sizes={sizes} />}
			{/* The order counts: `src` begins the fetching, and has to find the rest said. */}
			<img loading={lazy ? "lazy" : "eager"} decoding="async" width={large?.width} height={large?.height}
				sizes={sizes} srcset={all ? set_of(sources, "jpeg") : undefined} alt={alt}
				src={sources[0]?.jpeg ?? it.preview_url} />
		</picture>
	);
}

/** `lazy`: fetched when the reader comes near. */
export function Pictures({ pictures, lazy }: { pictures: readonly Picture[]; lazy: boolean }) {
	const { t } = useApp();
	const [open, set_open] = useState<number | null>(null);
	const box = useRef<HTMLUListElement>(null);
	const n = pictures.length;
	if (n === 0)
		return null;
	const sizes = n === 1 ? "(min-width: 30rem) 15rem, 56vw" : n === 2 || n === 4 ? "11rem" : "8rem";
	return (
		<>
			<ul class="pics" data-n={n} aria-label={t.pictures.n(n)} ref={box}>
				{pictures.map((it, i) => (
					<li key={it.id}>
						<a href={it.url} onClick={(e) => {
							if (e.metaKey || e.ctrlKey || e.shiftKey)
								return;
							e.preventDefault();
							set_open(i);
						}}>
							<Blur hash={it.blurhash} />
							<Shown it={it} alt={it.description || t.pictures.nth(i + 1, n)} sizes={sizes} lazy={lazy} />
						</a>
					</li>
				))}
			</ul>
			{open !== null && (
				<Viewer pictures={pictures} first={open} close={(at) => {
					set_open(null);
					box.current?.querySelectorAll("a")[at]?.focus();
				}} />
			)}
		</>
	);
}
