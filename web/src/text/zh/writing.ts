// writing.ts - pictures, changing what one wrote, and what it said before.

import type * as en from "../en/writing";

export const pictures: typeof en.pictures = {
	title: "图片",
	of_nine: (n) => `图片，${n} / 9`,
	n: (n) => `共 ${n} 张`,
	nth: (i, n) => `第 ${i} 张，共 ${n} 张`,
	viewer: "这条帖子的图片",
	before: "上一张",
	next: "下一张",
	larger: "放大",
	whole: "看整张",
	add: "添加",
	sending: (percent) => `正在传 ${percent}%`,
	checking: "正在处理",
	stop: "停下",
	drop: "不要这张",
	wait: "图片还在路上。",
	described: "有说明",
	describe: "写说明",
	which: (i) => `第 ${i} 张`,
	about: (i) => `第 ${i} 张图上是什么`,
	about_hint: "给看不到图的人。会读出来，也显示在图下面。",
	about_done: "好了",
	earlier: (i) => `第 ${i} 张：往前移`,
	later: (i) => `第 ${i} 张：往后移`,
	remove: (i) => `第 ${i} 张：去掉`,
	hint: "可以拖动排序，也可以用箭头。位置和相机信息在存下以前就去掉。",
	too_big: (i, mb) => `第 ${i} 张图 ${mb} MB，上限 20 MB。文字留着。`,
	over: (mb) => `这张图 ${mb} MB，上限 20 MB。`,
	too_many: "一条帖子最多九张图，留下前九张。",
	no_picture: (name) => `“${name}”不是图片。文字留着。`,
};

export const edit: typeof en.edit = {
	title: "改一改",
	hint: "原来写的，点“改过”还看得到。改动和新帖子一样要过一遍。",
	narrow: "只能去掉人，不能再加人。",
	done: "改好了。",
};

export const history: typeof en.history = {
	title: "原来写的",
	about: "看得到这条的人，都看得到这些。",
	now: "现在的样子",
	first: "最初写的",
	nth: (n) => `第 ${n} 版`,
	back: "回到帖子",
};
