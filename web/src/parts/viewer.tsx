// viewer.tsx - one picture over the whole page: swipe, pinch, double tap, arrows; Escape and a button close it.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Picture } from "../api";
import { useApp } from "../app";
import { AT_REST, settled, swipe, zoomed, type Stand } from "../pure/zoom";
import { over_page } from "../route";
import { Icon } from "./icon";
import { Blur, Shown } from "./pictures";
import { useLang } from "./words";

const TAP_MS = 300;
const TAP_ZOOM = 2.5;

interface Finger {
	x: number;
	y: number;
}

/** Fingers on `place` move `picture`: its transform is written straight to the element, without a render between. */
function useFingers(act: (what: "next" | "before" | "leave") => void, key: string) {
	const place = useRef<HTMLDivElement>(null);
	const stand = useRef<Stand>(AT_REST);
	const fingers = useRef(new Map<number, Finger>());
	const begin = useRef<Finger>({ x: 0, y: 0 });
	const tapped = useRef(0);

	const put = (next: Stand) => {
		const box = place.current;
		const img = box?.querySelector("img");
		if (!box || !img)
			return;
		const size = { width: img.offsetWidth, height: img.offsetHeight };
		stand.current = settled(next, { width: box.clientWidth, height: box.clientHeight }, size);
		const { scale, x, y } = stand.current;
		box.querySelector<HTMLElement>(".stand")!.style.transform =
			`translate(${x}px, ${y}px) scale(${scale})`;
	};
	const middle = (at: Finger): Finger => {
		const box = place.current!.getBoundingClientRect();
		return { x: at.x - box.left - box.width / 2, y: at.y - box.top - box.height / 2 };
	};
	useLayoutEffect(() => put(AT_REST), [key]);

	const down = (e: PointerEvent) => {
		place.current?.setPointerCapture(e.pointerId);
		fingers.current.set(e.pointerId, { x: e.clientX, y: e.clientY });
		begin.current = { x: e.clientX, y: e.clientY };
	};
	const move = (e: PointerEvent) => {
		const before = fingers.current.get(e.pointerId);
		if (!before)
			return;
		const now = { x: e.clientX, y: e.clientY };
		const other = [...fingers.current].find(([id]) => id !== e.pointerId)?.[1];
		fingers.current.set(e.pointerId, now);
		if (other) {
			const far = (a: Finger) => Math.hypot(a.x - other.x, a.y - other.y) || 1;
			const at = middle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
			put(zoomed(stand.current, far(now) / far(before), at));
		} else if (stand.current.scale > 1) {
			const { scale, x, y } = stand.current;
			put({ scale, x: x + now.x - before.x, y: y + now.y - before.y });
		}
	};
	const tap = (e: PointerEvent) => {
		if (e.timeStamp - tapped.current < TAP_MS) {
			tapped.current = 0;
			put(stand.current.scale > 1
				? AT_REST : zoomed(AT_REST, TAP_ZOOM, middle({ x: e.clientX, y: e.clientY })));
		} else {
			tapped.current = e.timeStamp;
		}
	};
	const up = (e: PointerEvent) => {
		const alone = fingers.current.delete(e.pointerId) && fingers.current.size === 0;
		if (!alone || e.type === "pointercancel")
			return;
		const dx = e.clientX - begin.current.x;
		const dy = e.clientY - begin.current.y;
		if (Math.hypot(dx, dy) < 8) {
			tap(e);
		} else if (stand.current.scale === 1) {
			const meant = swipe(dx, dy, place.current!.clientWidth);
			if (meant)
				act(meant);
		}
	};
	const zoom = (factor: number) => put(zoomed(stand.current, factor, { x: 0, y: 0 }));
	const wheel = (e: WheelEvent) => {
		e.preventDefault();
		put(zoomed(stand.current, Math.exp(-e.deltaY / 300), middle({ x: e.clientX, y: e.clientY })));
	};
	const on = {
		onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up, onWheel: wheel,
	};
	return { place, on, zoom, rest: () => put(AT_REST) };
}

interface ViewerProps {
	pictures: readonly Picture[];
	first: number;
	/** Called with the picture that was shown last. */
	close: (at: number) => void;
}

export function Viewer({ pictures, first, close }: ViewerProps) {
	const { t } = useApp();
	const [at, set_at] = useState(first);
	const latest = useRef(at);
	latest.current = at;
	const dialog = useRef<HTMLDialogElement>(null);
	const leave = useRef(() => {});
	const it = pictures[at]!;
	const { own, attr } = useLang(it.description ?? "");
	const go = (step: number) =>
		set_at((now) => Math.max(0, Math.min(pictures.length - 1, now + step)));
	const { place, on, zoom, rest } = useFingers((what) =>
		what === "leave" ? leave.current() : go(what === "next" ? 1 : -1), it.id);

	useEffect(() => {
		dialog.current?.showModal();
		const above = over_page(() => {
			// First: while it is open nothing else on the page can have the focus.
			dialog.current?.close();
			close(latest.current);
		});
		leave.current = above.leave;
		return above.drop;
	}, []);
	const keys: Record<string, () => void> = {
		ArrowRight: () => go(1), ArrowLeft: () => go(-1), "+": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": rest,
	};
	return (
		<dialog class="viewer" ref={dialog} aria-label={t.pictures.viewer}
			onKeyDown={(e) => keys[e.key]?.()}
			onCancel={(e) => {
				e.preventDefault();
				leave.current();
			}}>
			<div class="place-of" ref={place} {...on}>
				<div class="stand" key={it.id}>
					<Blur hash={it.blurhash} />
					<Shown it={it} alt={it.description || t.pictures.nth(at + 1, pictures.length)} sizes="100vw"
						lazy={false} use={["middle", "large"]} />
				</div>
			</div>
			{it.description && <p class="told" lang={attr ?? own ?? undefined}>{it.description}</p>}
			<div class="line">
				<p role="status">{t.pictures.nth(at + 1, pictures.length)}</p>
				<span class="end line">
					{pictures.length > 1 && <>
						<button type="button" class="icon" aria-label={t.pictures.before} disabled={at === 0}
							onClick={() => go(-1)}><Icon name="back" /></button>
						<button type="button" class="icon flip" aria-label={t.pictures.next}
							disabled={at === pictures.length - 1} onClick={() => go(1)}><Icon name="back" /></button>
					</>}
					<button type="button" class="icon" aria-label={t.pictures.larger} onClick={() => zoom(1.5)}>
						<Icon name="plus" /></button>
					<button type="button" class="icon" aria-label={t.pictures.whole} onClick={rest}>
						<Icon name="image" /></button>
					<button type="button" class="icon" aria-label={t.close} onClick={() => leave.current()}>
						<Icon name="x" /></button>
				</span>
			</div>
		</dialog>
	);
}
