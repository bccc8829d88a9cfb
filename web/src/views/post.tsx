// post.tsx - a single post with all its comments.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api";
import { useApp, useLoad } from "../app";
import { change_in_feed, with_sending, type Change } from "../circle";
import { Failed, Loading, Nothing } from "../parts/form";
import { name_of } from "../parts/person";
import { Post } from "../parts/post";
import { on_change } from "../pulse";
import { go } from "../route";

/** The post; when the id is a comment's, the post it belongs to. */
async function find(id: string): Promise<api.Moment> {
	if (!/^\d+$/.test(id))
		throw new api.ApiError(404, "");
	try {
		return await api.moment(id);
	} catch (e) {
		if (!(e instanceof api.ApiError) || e.status !== 404)
			throw e;
		const it = await api.status(id);
		if (!it.kith_post_id)
			throw e;
		go(`/posts/${it.kith_post_id}#c${id}`, true);
		return api.moment(it.kith_post_id);
	}
}

export function PostPage({ id, hash }: { id: string; hash: string }) {
	const { t } = useApp();
	const { data, error, set, reload } = useLoad(`post ${id}`, () => find(id));
	const [gone, set_gone] = useState(false);
	useEffect(() => set_gone(false), [id]);
	useEffect(() => on_change((what, vanished) => {
		if (what === id && vanished)
			set_gone(true);
		else if (what === null || what === id)
			api.moment(id).then((now) => set((m) => with_sending(now, m)), reload);
	}), [id]);
	if (gone)
		return <Nothing />;
	if (error && (!data || error.status === 404))
		return <Failed error={error} again={reload} />;
	if (!data)
		return <Loading />;
	const change = (f: Change) => {
		set((m) => {
			const next = f(m);
			if (!next)
				set_gone(true);
			return next ?? m;
		});
		change_in_feed(id, f);
	};
	return (
		<>
			<h1 class="sr">{t.post.title(name_of(data.status.account))}</h1>
			<Post moment={data} change={change} whole marked={hash} back={() => set_gone(false)} />
		</>
	);
}
