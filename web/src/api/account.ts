// account.ts - who I am: sign-in and its second step, my card, my keys, invitations, leaving.

import { call, get, post, q, remove, type Body } from "./send";
import type { Archive, Factors, Invite, Me, Passkey, Range, Second, Session } from "./types";

export const sign_in = (handle: string, password: string) =>
	post<Me | { kith_second: Second }>("/api/kith/v1/session", { handle, password });
/** The second step: a code of the app, a recovery code, or a passkey's answer. */
export const sign_in_second = (ticket: string, proof: Body) =>
	post<Me>("/api/kith/v1/session/second", { ticket, ...proof });
export const passkey_options = () => post<Body>("/api/kith/v1/session/passkey/options");
export const sign_in_passkey = (assertion: Body) =>
	post<Me>("/api/kith/v1/session/passkey", { assertion });
export const sign_out = () => remove<unknown>("/api/kith/v1/session");
export const sign_up = (invite: string, handle: string, display_name: string, password: string) =>
	post<Me>("/api/kith/v1/signup", { invite, handle, display_name, password });
export const reset = (token: string, password: string) =>
	post<unknown>("/api/kith/v1/reset", { token, password });
export const change_password = (current: string, password: string) =>
	post<unknown>("/api/kith/v1/password", { current, password });
export const own_account = () => get<Me>("/api/v1/accounts/verify_credentials");
export interface AccountChange {
	display_name?: string;
	note?: string;
	kith_range?: Range;
	kith_question?: string;
	kith_answer?: string;
	/** A picture of mine; "" takes the present one away. */
	kith_avatar_id?: string;
	kith_cover_id?: string;
}
export const update_account = (change: AccountChange) =>
	call<Me>("PATCH", "/api/v1/accounts/update_credentials", { body: { ...change } });
export const sessions = () => get<Session[]>("/api/kith/v1/sessions");
export const end_session = (id: string) => remove<unknown>(`/api/kith/v1/sessions/${id}`);
export const end_other_sessions = () => remove<unknown>("/api/kith/v1/sessions");
export const instance = () => get<{ title: string }>("/api/v2/instance");

// Invitations

export const invitation = (code: string) =>
	get<{ invited_by: string; expires_at: string }>(`/api/kith/v1/invites/${q(code)}`);
export const invites = () => get<Invite[]>("/api/kith/v1/invites");
export const make_invite = (uses: number, days: number) =>
	post<Invite>("/api/kith/v1/invites", { uses, days });
export const end_invite = (id: string) => remove<unknown>(`/api/kith/v1/invites/${id}`);

// Second factors

const FACTORS = "/api/kith/v1/factors";

export const factors = () => get<Factors>(FACTORS);
export const begin_totp = () => post<{ secret: string; uri: string }>(`${FACTORS}/totp`);
export const confirm_totp = (code: string) =>
	post<{ recovery?: string[] }>(`${FACTORS}/totp/confirm`, { code });
export const end_totp = (password: string) => remove<unknown>(`${FACTORS}/totp`, { password });
export const begin_passkey = () => post<Body>(`${FACTORS}/passkeys/options`);
export const add_passkey = (name: string, attestation: Body) =>
	post<Passkey & { recovery?: string[] }>(`${FACTORS}/passkeys`, { name, attestation });
export const end_passkey = (id: string, password: string) =>
	remove<unknown>(`${FACTORS}/passkeys/${q(id)}`, { password });
export const new_recovery = (password: string) =>
	post<{ recovery: string[] }>(`${FACTORS}/recovery`, { password });

// Leaving

export const ARCHIVE_FILE = "/api/kith/v1/export/file";
export const archive = () => get<Archive>("/api/kith/v1/export");
export const make_archive = () => post<Archive>("/api/kith/v1/export");
export const erase_account = (password: string) =>
	remove<unknown>("/api/kith/v1/account", { password });
