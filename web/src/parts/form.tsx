// form.tsx - fields with their hint and error, buttons that ask once, and what an error looks like.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import type { ApiError } from "../api";
import { has_reasons, sentence, useApp } from "../app";
import { Icon, Rings } from "./icon";

/** True while an input method is composing: its Enter chooses a word and sends nothing. */
export function composing(e: KeyboardEvent): boolean {
	return e.isComposing || e.keyCode === 229;
}

/** Put on inputs of a one-line form, where Enter sends. */
export function guard_enter(e: JSX.TargetedKeyboardEvent<HTMLInputElement>): void {
	if (e.key === "Enter" && composing(e))
		e.preventDefault();
}

export function Err({ text, id }: { text: ComponentChildren; id?: string }) {
	return (
		<p class="err" id={id} role="alert"><Icon name="warn" /><span>{text}</span></p>
	);
}

/** What went wrong, and where the reasons are read if there are any. */
export function Wrong({ error }: { error: ApiError }) {
	const { t } = useApp();
	return <>{sentence(t, error)}{has_reasons(error) && <> <a href="/held">{t.notices.look}</a></>}</>;
}

/** An error that belongs to no field of the form around it. */
export function FormErr({ error, fields = [] }: { error: ApiError | null; fields?: string[] }) {
	if (!error || (error.field !== null && fields.includes(error.field)))
		return null;
	return <Err text={<Wrong error={error} />} />;
}

interface FieldProps {
	label: string;
	name: string;
	value: string;
	set: (value: string) => void;
	hint?: string | undefined;
	/** A sentence of our own about this field. */
	wrong?: string | null | undefined;
	/** The server's answer; shown here when it names this field. */
	error?: ApiError | null;
	type?: string;
	rows?: number;
	auto?: string;
	max?: number;
	mono?: boolean;
	read_only?: boolean;
}

export function Field(p: FieldProps) {
	const { t } = useApp();
	const id = useId();
	const said = p.wrong ?? (p.error && p.error.field === p.name ? sentence(t, p.error) : null);
	const about = [p.hint && `${id}h`, said && `${id}e`].filter(Boolean).join(" ") || undefined;
	const common = {
		id,
		name: p.name,
		class: p.mono ? "in mono" : "in",
		value: p.value,
		readOnly: p.read_only ?? false,
		"aria-invalid": said ? true : undefined,
		"aria-describedby": about,
	};
	return (
		<div class="field">
			<label for={id}>{p.label}</label>
			{p.rows
				? (
					<textarea {...common} rows={p.rows} maxLength={p.max}
						onInput={(e) => p.set(e.currentTarget.value)} />
				)
				: (
					<input {...common} type={p.type ?? "text"} autoComplete={p.auto ?? "off"}
						maxLength={p.max} autoCapitalize="none" onKeyDown={guard_enter}
						onInput={(e) => p.set(e.currentTarget.value)} />
				)}
			{said && <Err id={`${id}e`} text={said} />}
			{p.hint && <p class="hint" id={`${id}h`}>{p.hint}</p>}
		</div>
	);
}

/** `noValidate`: our own sentences stand beside the field, in the page's language. */
export function Form(
	{ send, children, ...rest }:
	{
		send: () => void; children: ComponentChildren; class?: string;
		"aria-labelledby"?: string | undefined;
	},
) {
	return (
		<form {...rest} method="post" noValidate onSubmit={(e) => {
			e.preventDefault();
			send();
		}}>
			{children}
		</form>
	);
}

interface AskProps {
	label: string;
	question: string;
	yes: string;
	act: () => void;
	class?: string;
	describe?: string | undefined;
	busy?: boolean;
}

/** A button that asks once, in place, before it acts. */
export function Ask(p: AskProps) {
	const { t } = useApp();
	const [asking, set_asking] = useState(false);
	const yes = useRef<HTMLButtonElement>(null);
	const first = useRef<HTMLButtonElement>(null);
	const was = useRef(false);
	useEffect(() => {
		if (asking)
			yes.current?.focus();
		else if (was.current)
			first.current?.focus();
		was.current = asking;
	}, [asking]);

	if (!asking)
		return (
			<button type="button" class={p.class ?? "btn quiet"} ref={first} aria-label={p.describe}
				disabled={p.busy} onClick={() => set_asking(true)}>
				{p.label}
			</button>
		);
	const leave = (e: KeyboardEvent) => {
		if (e.key === "Escape")
			set_asking(false);
	};
	return (
		<div class="ask line" role="group" aria-label={p.question} onKeyDown={leave}>
			<p>{p.question}</p>
			<button type="button" class="btn stop" ref={yes} disabled={p.busy} onClick={() => {
				set_asking(false);
				p.act();
			}}>
				{p.yes}
			</button>
			<button type="button" class="btn" onClick={() => set_asking(false)}>{t.cancel}</button>
		</div>
	);
}

/** While something is on its way: the shape of a post, named for screen readers. */
export function Loading() {
	const { t } = useApp();
	return (
		<div class="post bare pad" role="img" aria-label={t.loading}>
			<i class="sk sq" />
			<div><i class="sk w1" /><i class="sk w2" /><i class="sk w3" /></div>
		</div>
	);
}

/** In place of what could not be loaded. */
export function Failed({ error, again }: { error: ApiError; again: () => void }) {
	const { t } = useApp();
	if (error.status === 404)
		return <Nothing />;
	return (
		<section class="sheet empty stack">
			<p role="alert">{sentence(t, error)}</p>
			<p><button type="button" class="btn" onClick={again}>{t.again}</button></p>
		</section>
	);
}

export function Nothing() {
	const { t } = useApp();
	return (
		<section class="sheet empty stack">
			<h1 class="title">{t.nothing.title}</h1>
			<p class="soft">{t.nothing.why}</p>
			<p><a class="btn" href="/">{t.frame.back}</a></p>
		</section>
	);
}

export function Empty(
	{ title, text, children }: { title: string; text: string; children?: ComponentChildren },
) {
	return (
		<section class="sheet empty stack">
			<Rings />
			<h2 class="title">{title}</h2>
			<p class="soft">{text}</p>
			{children && <p class="line mid">{children}</p>}
		</section>
	);
}
