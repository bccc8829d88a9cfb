// attach.tsx - up to nine pictures of a post that is being written: sent at once, described, put in order.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import * as api from "../api";
import { ApiError } from "../api";
import { sentence, useApp } from "../app";
import type { Text } from "../text/text";
import { useDrag } from "./drag";
import { Err } from "./form";
import { Icon } from "./icon";

// As in src/model/limits.h.
export const MOST_PICTURES = 9;
export const MOST_BYTES = 20 * 1024 * 1024;
const MOST_ABOUT = 1500;

interface Item {
	key: number;
	/** What is shown here: the file itself, or what the server made of it. */
	preview: string;
	file: File | null;
	/** How much has gone, 0 to 1. */
	share: number;
	picture: api.Picture | null;
	about: string;
	error: ApiError | null;
}

export interface Attached {
	items: readonly Item[];
	/** Sentences about files that were not taken. */
	refused: readonly string[];
	add: (files: readonly File[]) => void;
	remove: (key: number) => void;
	retry: (key: number) => void;
	move: (from: number, to: number) => void;
	describe: (key: number, about: string) => void;
	/** Brings a description to the server. */
	settle: (key: number) => Promise<void>;
	/** All have arrived. */
	whole: boolean;
	/** Those that have arrived, in order, with their descriptions. */
	pictures: api.Picture[];
}

let keys = 0;

const item_of = (picture: api.Picture): Item => ({
	key: keys++, preview: picture.preview_url, file: null, share: 1, picture,
	about: picture.description ?? "", error: null,
});

export const megabytes = (bytes: number) => Math.ceil(bytes / (1024 * 1024));

/** What is wrong with a file before it is sent; null where nothing is. */
function wrong_with(t: Text, file: File, nth: number): string | null {
	if (file.type && !file.type.startsWith("image/"))
		return t.pictures.no_picture(file.name);
	return file.size > MOST_BYTES ? t.pictures.too_big(nth, megabytes(file.size)) : null;
}

/** `mine`: pictures of an own post that is changed stay the server's when they are taken out here. */
export function useAttached(begin: readonly api.Picture[], mine: boolean): Attached {
	const { t, heed } = useApp();
	const [items, set_items] = useState<Item[]>(() => begin.map(item_of));
	const [refused, set_refused] = useState<string[]>([]);
	const stops = useRef(new Map<number, () => void>());
	const change = (key: number, what: Partial<Item>) =>
		set_items((all) => all.map((it) => (it.key === key ? { ...it, ...what } : it)));

	const send = (key: number, file: File) => {
		change(key, { error: null, share: 0 });
		const going = api.send_picture(file, (share) => change(key, { share }));
		stops.current.set(key, going.stop);
		going.done.then(
			(picture) => change(key, { picture, share: 1 }),
			(e: unknown) => change(key, { error: heed(e) }),
		).finally(() => stops.current.delete(key));
	};
	useEffect(() => () => stops.current.forEach((stop) => stop()), []);

	const add = (files: readonly File[]) => {
		const wrong: string[] = [];
		const made: Item[] = [];
		for (const file of files) {
			const nth = items.length + made.length + 1;
			const said = nth > MOST_PICTURES ? t.pictures.too_many : wrong_with(t, file, nth);
			if (said)
				wrong.push(said);
			else
				made.push({
					key: keys++, preview: URL.createObjectURL(file), file, share: 0, picture: null, about: "",
					error: null,
				});
		}
		set_refused([...new Set(wrong)]);
		set_items((all) => [...all, ...made]);
		for (const { key, file } of made)
			send(key, file!);
	};
	const remove = (key: number) => {
		const it = items.find((one) => one.key === key);
		stops.current.get(key)?.();
		if (it?.file)
			URL.revokeObjectURL(it.preview);
		if (it?.picture && !mine)
			// The server throws unused ones away by itself after a day.
			api.delete_picture(it.picture.id).catch(() => {});
		set_items((all) => all.filter((one) => one.key !== key));
	};
	const move = (from: number, to: number) => set_items((all) => {
		const next = [...all];
		const [it] = next.splice(from, 1);
		if (it)
			next.splice(to, 0, it);
		return next;
	});
	const settle = async (key: number) => {
		const it = items.find((one) => one.key === key);
		if (it?.picture && it.about !== (it.picture.description ?? ""))
			change(key, { picture: await api.describe_picture(it.picture.id, it.about) });
	};
	return {
		items, refused, add, remove, move, settle,
		retry: (key) => {
			const file = items.find((it) => it.key === key)?.file;
			if (file)
				send(key, file);
		},
		describe: (key, about) => change(key, { about }),
		whole: items.every((it) => it.picture !== null),
		pictures: items.flatMap((it) => (it.picture ? { ...it.picture, description: it.about } : [])),
	};
}

function Going({ it, a }: { it: Item; a: Attached }) {
	const { t } = useApp();
	if (it.error)
		return (
			<>
				<Err text={sentence(t, it.error)} />
				<span class="line">
					<button type="button" class="btn quiet" onClick={() => a.retry(it.key)}>{t.again}</button>
					<button type="button" class="btn quiet" onClick={() => a.remove(it.key)}>{t.pictures.drop}</button>
				</span>
			</>
		);
	const percent = Math.round(it.share * 100);
	return (
		<>
			<label class="hint num">{percent < 100 ? t.pictures.sending(percent) : t.pictures.checking}
				<progress max={100} value={percent} /></label>
			<span class="line">
				<button type="button" class="btn quiet" onClick={() => a.remove(it.key)}>{t.pictures.stop}</button>
			</span>
		</>
	);
}

function There({ it, i, a, described, describe }: {
	it: Item; i: number; a: Attached; described: boolean; describe: () => void;
}) {
	const { t } = useApp();
	return (
		<>
			<button type="button" class={it.about ? "tag good" : "tag wait"} aria-expanded={described}
				onClick={describe}>
				<Icon name={it.about ? "check" : "pen"} />{it.about ? t.pictures.described : t.pictures.describe}
				<span class="sr"> {t.pictures.which(i + 1)}</span>
			</button>
			<span class="line">
				<button class="icon" type="button" aria-label={t.pictures.earlier(i + 1)} disabled={i === 0}
					onClick={() => a.move(i, i - 1)}><Icon name="back" /></button>
				<button class="icon flip" type="button" aria-label={t.pictures.later(i + 1)}
					disabled={i === a.items.length - 1} onClick={() => a.move(i, i + 1)}><Icon name="back" /></button>
				<button class="icon" type="button" aria-label={t.pictures.remove(i + 1)}
					onClick={() => a.remove(it.key)}><Icon name="x" /></button>
			</span>
		</>
	);
}

function Describe({ it, i, a, close }: { it: Item; i: number; a: Attached; close: () => void }) {
	const { t, heed } = useApp();
	const id = useId();
	const field = useRef<HTMLTextAreaElement>(null);
	useEffect(() => field.current?.focus(), [it.key]);
	return (
		<div class="field quote">
			<label for={id}>{t.pictures.about(i + 1)}</label>
			<textarea class="in" id={id} ref={field} rows={2} maxLength={MOST_ABOUT} value={it.about}
				aria-describedby={`${id}h`} onInput={(e) => a.describe(it.key, e.currentTarget.value)}
				onBlur={() => a.settle(it.key).catch(heed)} />
			<p class="hint" id={`${id}h`}>{t.pictures.about_hint}</p>
			<button type="button" class="btn" onClick={close}>{t.pictures.about_done}</button>
		</div>
	);
}

function Add({ a }: { a: Attached }) {
	const { t } = useApp();
	const file = useRef<HTMLInputElement>(null);
	return (
		<li>
			<input type="file" accept="image/*" multiple hidden ref={file} onChange={(e) => {
				a.add([...e.currentTarget.files ?? []]);
				e.currentTarget.value = "";
			}} />
			<button class="add" type="button" onClick={() => file.current?.click()}>
				<Icon name="image" /><span>{t.pictures.add}</span>
			</button>
		</li>
	);
}

/** The three columns of the composer. */
export function Attach({ a }: { a: Attached }) {
	const { t } = useApp();
	const [open, set_open] = useState<number | null>(null);
	const grid = useRef<HTMLOListElement>(null);
	const drag = useDrag(grid, a.move);
	const at = a.items.findIndex((it) => it.key === open);
	return (
		<fieldset class="field">
			<legend>{a.items.length > 0 ? t.pictures.of_nine(a.items.length) : t.pictures.title}</legend>
			<ol class="grid3" ref={grid} {...drag}>
				{a.items.map((it, i) => (
					<li key={it.key} data-i={i}>
						<img class={it.picture ? undefined : "going"} src={it.preview} width={300} height={300}
							alt={it.about} draggable={false} />
						{it.picture
							? <There it={it} i={i} a={a} described={open === it.key}
								describe={() => set_open(open === it.key ? null : it.key)} />
							: <Going it={it} a={a} />}
					</li>
				))}
				{a.items.length < MOST_PICTURES && <Add a={a} />}
			</ol>
			{at >= 0 && <Describe it={a.items[at]!} i={at} a={a} close={() => set_open(null)} />}
			{a.refused.map((said) => <Err key={said} text={said} />)}
			{a.items.length > 0 && <p class="hint">{t.pictures.hint}</p>}
		</fieldset>
	);
}
