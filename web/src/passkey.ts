// passkey.ts - between the browser's keys and JSON: what is bytes there is base64url here.

type Json = Record<string, unknown>;

const to_text = (bytes: ArrayBuffer | null | undefined): string =>
	btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
		.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const to_bytes = (text: unknown): ArrayBuffer => {
	const plain = atob(String(text).replace(/-/g, "+").replace(/_/g, "/"));
	return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
};

/** Whether there can be keys: not on plain http outside this machine, and not where a circle goes by a number. */
export const passkeys_here = () => "credentials" in navigator && "PublicKeyCredential" in window
	&& !/^[\d.]+$|:/.test(location.hostname);

const with_ids = (list: unknown) =>
	((list ?? []) as Json[]).map((it) => ({ ...it, id: to_bytes(it["id"]) })) as unknown as
		PublicKeyCredentialDescriptor[];

/** The server's options may come bare or as `publicKey`. */
const inner = (options: Json) => (options["publicKey"] ?? options) as Json;

function outer(key: PublicKeyCredential, response: Json): Json {
	return {
		id: key.id, rawId: to_text(key.rawId), type: key.type, response,
		authenticatorAttachment: key.authenticatorAttachment,
		clientExtensionResults: key.getClientExtensionResults(),
	};
}

/** Makes a key as the server's options say. */
export async function make_passkey(options: Json): Promise<Json> {
	const it = inner(options);
	const user = it["user"] as Json;
	const key = await navigator.credentials.create({
		publicKey: {
			...it, challenge: to_bytes(it["challenge"]), user: { ...user, id: to_bytes(user["id"]) },
			excludeCredentials: with_ids(it["excludeCredentials"]),
		} as unknown as PublicKeyCredentialCreationOptions,
	}) as PublicKeyCredential | null;
	if (!key)
		throw new Error("no key");
	const made = key.response as AuthenticatorAttestationResponse;
	return outer(key, {
		clientDataJSON: to_text(made.clientDataJSON), attestationObject: to_text(made.attestationObject),
		transports: made.getTransports?.() ?? [],
	});
}

/** Signs the server's challenge with a key that is here. */
export async function use_passkey(options: Json): Promise<Json> {
	const it = inner(options);
	const key = await navigator.credentials.get({
		publicKey: {
			...it, challenge: to_bytes(it["challenge"]), allowCredentials: with_ids(it["allowCredentials"]),
		} as unknown as PublicKeyCredentialRequestOptions,
	}) as PublicKeyCredential | null;
	if (!key)
		throw new Error("no key");
	const made = key.response as AuthenticatorAssertionResponse;
	return outer(key, {
		clientDataJSON: to_text(made.clientDataJSON), authenticatorData: to_text(made.authenticatorData),
		signature: to_text(made.signature), userHandle: made.userHandle ? to_text(made.userHandle) : null,
	});
}
