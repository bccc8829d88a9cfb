// icon.tsx - the drawings beside words. All are hidden from screen readers: the word says it.

const PATHS = {
	back: "M14.5 5l-7 7 7 7",
	bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15ZM10 21h4",
	check: "M5 12.5l4.5 4.5L19 7.5",
	comment: "M4 5h16v11h-8l-4.5 3.8V16H4Z",
	copies: "M8 8h12v12H8ZM4 16V4h12",
	flag: "M6 21V4.5h11l-2.5 4 2.5 4H6",
	heart: "M12 20S4 15.2 4 9.6C4 7 6 5.3 8.1 5.3c1.7 0 3.1 1 3.9 2.5.8-1.5 2.2-2.5 3.9-2.5C18 5.3"
		+ " 20 7 20 9.6 20 15.2 12 20 12 20Z",
	lock: "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
	pen: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19Z",
	plus: "M12 5v14M5 12h14",
	scales: "M12 4v16M8 20h8M5 7h14M5 7l-2.5 7h5ZM19 7l-2.5 7h5Z",
	warn: "M12 4 2.8 20h18.4ZM12 10v4.5M12 17.2v.2",
	x: "M6 6l12 12M18 6L6 18",
	laptop: "M5 6h14v9H5ZM2.5 18.5h19",
	off: "M4 4l16 16M8.5 8.2A9 9 0 0 0 4 11M12 7.5c3.2 0 6 1.3 8 3.5M7.5 14.6a6.3 6.3 0 0 1 5-1.6"
		+ "M12 19v.2",
	clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7v5.2l3.3 2",
	circle: "M9 5.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 9 5.8ZM15 5.8a6.2 6.2 0 1 0 0 12.4 6.2 6.2"
		+ " 0 0 0 0-12.4Z",
	eye: "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 0"
		+ " 0 5.6 2.8 2.8 0 0 0 0-5.6Z",
	friends: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M15.5"
		+ " 5.2a3.5 3.5 0 0 1 0 6.6M18 14.6c2 .8 3.2 2.6 3.5 5.4",
	person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.5-4.5 3.5-6.5 7.5-6.5s7 2 7.5 6.5",
	camera: "M4 7.5h3.5l1.5-2.5h6l1.5 2.5H20v11H4ZM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z",
	down: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
	image: "M3.5 5h17v14h-17ZM3.5 16l5-5 4.5 4.5 2.5-2.5 5 4.5M15 7.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Z",
	key: "M8.5 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12.5 12H21v3.5M17 12v3",
	link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.7 1.7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7"
		+ " 5.7l1.7-1.7",
	phone: "M8 3h8v18H8ZM11 18h2",
	pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11ZM12 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0"
		+ " 0-4.6Z",
	search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5.5 5.5",
	users: "M12 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM5.5 19c.4-3.8 3-5.5 6.5-5.5s6.1 1.7 6.5 5.5M4"
		+ " 11.5a2.2 2.2 0 1 1 1.5-3.8M20 11.5a2.2 2.2 0 1 0-1.5-3.8",
	tag: "M4 4h8l8.5 8.5-8 8L4 12ZM8 8v.2",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
	return (
		<svg class="i" viewBox="0 0 24 24" aria-hidden="true">
			<path d={PATHS[name]} />
		</svg>
	);
}

/** The two rings: the sign of the house. */
export function Rings() {
	return (
		<svg class="k" viewBox="0 0 28 22" aria-hidden="true">
			<g fill="none" stroke="currentColor" stroke-width="2.4">
				<circle cx="10" cy="11" r="8" />
				<circle cx="18" cy="11" r="8" />
			</g>
			<path d="M14 4.1a8 8 0 0 1 0 13.8 8 8 0 0 1 0-13.8Z" fill="currentColor" />
		</svg>
	);
}

/** A clock as a ring; `share` is what is left, 0 to 100. The words beside it say the same. */
export function Ring({ share }: { share: number }) {
	return (
		<svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
			<circle cx="18" cy="18" r="15" />
			<circle cx="18" cy="18" r="15" pathLength={100} stroke-dasharray={`${share} 100`} />
		</svg>
	);
}

/** The cover of whoever has none: hills and a moon over water. */
export function Hills({ label }: { label: string }) {
	return (
		<svg class="hills" viewBox="0 0 800 420" preserveAspectRatio="xMidYMid slice" role="img"
			aria-label={label}>
			<linearGradient id="sky" x2="0" y2="1">
				<stop stop-color="#4f3d69" />
				<stop offset="1" stop-color="#eaa98a" />
			</linearGradient>
			<path fill="url(#sky)" d="M0 0h800v420H0Z" />
			<circle cx="585" cy="112" r="42" fill="#ffe6c4" />
			<path fill="#6f4a70" d="M0 235c130-95 210-30 320-52s190-70 300-18 130 50 180 24v120H0Z" />
			<path fill="#4b3155" d="M0 292c90-40 190-74 310-22s240 34 330-6 120-14 160 0v80H0Z" />
			<path fill="#96647f" d="M0 318h800v102H0Z" />
			<path fill="none" stroke="#ffe1c0" stroke-width="4" stroke-linecap="round" opacity=".55"
				d="M520 340h130M480 364h200M545 388h96" />
		</svg>
	);
}
