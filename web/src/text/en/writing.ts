// writing.ts - pictures, changing what one wrote, and what it said before.

export const pictures = {
	title: "Pictures",
	of_nine: (n: number) => `Pictures, ${n} of 9`,
	n: (n: number) => (n === 1 ? "1 picture" : `${n} pictures`),
	nth: (i: number, n: number) => `Picture ${i} of ${n}`,
	viewer: "Pictures of this post",
	before: "Picture before",
	next: "Next picture",
	larger: "Larger",
	whole: "Whole picture",
	add: "Add",
	sending: (percent: number) => `Sending ${percent} %`,
	checking: "Being looked at",
	stop: "Stop",
	drop: "Leave out",
	wait: "Pictures are still on their way.",
	described: "Described",
	describe: "Describe",
	which: (i: number) => `picture ${i}`,
	about: (i: number) => `What picture ${i} shows`,
	about_hint: "For those who do not see it. Read out, and shown under the picture.",
	about_done: "Done",
	earlier: (i: number) => `Picture ${i}: move earlier`,
	later: (i: number) => `Picture ${i}: move later`,
	remove: (i: number) => `Picture ${i}: remove`,
	hint: "Drag to reorder, or use the arrows. Location and camera data are removed before storing.",
	too_big: (i: number, mb: number) => `Picture ${i} is ${mb} MB; the limit is 20 MB. Your text is kept.`,
	over: (mb: number) => `The picture is ${mb} MB; the limit is 20 MB.`,
	too_many: "A post has nine pictures at most. The first nine are kept.",
	no_picture: (name: string) => `“${name}” is not a picture. Your text is kept.`,
};

export const edit = {
	title: "Change it",
	hint: "What it said before stays readable under “edited”. A change is looked at like a new post.",
	narrow: "You can take people out, never add any.",
	done: "Changed.",
};

export const history = {
	title: "What it said before",
	about: "Everyone who can see the piece can read this.",
	now: "as it is now",
	first: "as it was first written",
	nth: (n: number) => `version ${n}`,
	back: "Back to the post",
};
