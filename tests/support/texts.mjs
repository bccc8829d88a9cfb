// Texts written for these tests: what must be held, and what an honest seller may say.

/** Disguised advertising and recruiting, in Chinese and English. */
export const HELD = {
	'a counterfeit shop with a disguised WeChat handle (zh)':
		'原单复刻包包手表，1:1顶级高仿，专柜品质，海外代购直邮可验货。加薇❤信：z j y 8 8 6 6，备注朋友圈优惠，一件代发招代理',
	'a recruiting ladder (zh)':
		'躺赚项目火爆招募代理！交398元入门费，发展下级三级返佣，推荐一人奖励200，月入过万不是梦。想赚钱的➕V❤：q w e 7 7 5 5 进群',
	'counterfeits with a handle taken apart (en)':
		'AAA replica designer bags & watches, 1:1 mirror quality, factory price, ship worldwide!! DM for catalogue, add my W3Ch@t : l u x . b a g 8 8 or wh@tsapp +86 1 3 9 0 0 0 0 0 0 0 0',
	'recruiting with an income claim (en)':
		'EARN $5000/week from home, no experience!! Pay a $99 joining fee, recruit 3 friends, get 20% commission on three levels of your downline. Add W.h.a.t.s.A.p.p +1 2 0 2 5 5 5 0 1 0 0 NOW',
};

/** The trade itself is never an offence. */
export const HONEST = {
	'an aunt with honey (zh)': '今年的槐花蜜收好了，自家二十箱蜂，一斤装四十五元。要的朋友直接在下面留言，周六我顺路送到小区门口。',
	'a baker with a price (en)':
		'Baking rye bread on Friday as usual. A loaf is 4 euros, reply here by Thursday evening and pick it up at my door after five.',
	'a neighbour selling a bicycle (en)': 'We sell our daughter’s first bicycle, 16 inch, green, 30 euros. Come and try it in the yard on Sunday.',
	'plain words (zh)': '今天带孩子去公园放风筝，风很大，线都快拉不住了。',
};
