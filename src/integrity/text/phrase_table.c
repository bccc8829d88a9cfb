/* The phrases. Written for this project from how such posts are described in public reports; a phrase belongs in a group of
 * conduct only if it names conduct, never if it only names goods. What must stay silent stands in tests/texts/honest.txt. */
#include "integrity/text/phrases.h"

/* clang-format off: one group a line, as long as it is */
const struct phrase phrase_table[] = {
	{ PHRASE_ASK, "私聊|私信|私我|私下|私戳|私窗|加我|联系我|联系客服|找客服|客服领|咨询|了解|进群|入群|拉群|拉你|拉你进|建群|进裙|扫码|二维码|扫我" },
	{ PHRASE_ASK, "看主页|看头像|看我主页|主页有|头像码|评论区|扣9|打9|想要的|需要的|要的私|要的速|要的加|要的联系|要的扫|要的滴|要的来|有意者|有意的|懂的" },
	{ PHRASE_ASK, "名额|名额有限|只剩9个|先到先得|手慢无|人满|想做的|想改变|想赚|想了解|感兴趣|点链接|点击链接|拿链接|注册链接|邀请码|下单|戳我|报名" },
	{ PHRASE_ASK, "dm me|dm for|dm~ready|dm to|message me|msg me|text me|add me|inbox me|inbox for|pm me|pm for|pm|sign up|click here|click the link|click on" },
	{ PHRASE_ASK, "link in bio|link in my|link in comment|the link|link di bio|ask me how|ask me for|ask for the|comment info|comment yes|comment below|contact me|contact us" },
	{ PHRASE_ASK, "reach me|limited spots|only~spots|spots left|few spots|limited slots|write to me|hit me up|hmu|join now|join us|daftar|gabung|hubungi|klik|register now" },

	{ PHRASE_OFFER, "批发|货源|一手货|厂家|工厂|直供|代购|低价|底价|半价|特价|折扣|优惠|包邮|现货|秒杀|清仓|出货|供货|拿货|一件代发|爆款|正品|真品" },
	{ PHRASE_OFFER, "面膜|面霜|精华|护肤|减肥|瘦身|祛斑|祛痘|美白|保健|丰胸|增高|植发|近视|隐形|整形|烟酒|香烟|茶叶|酵素|名酒|药膏|配方|手表|包包|鞋子" },
	{ PHRASE_OFFER, "价格|价格低|多少钱|报价|免费试|体验价|学历|文凭|考证|贷款|额度|信用卡|流量卡|渠道|资源|服务|上门|特殊|保密发货|发货|复购|回头客|效果" },
	{ PHRASE_OFFER, "half price|cheap|cheapest|lowest price|best price|wholesale|price list|for sale|ship worldwide|worldwide shipping|free shipping|discount|catalogue" },
	{ PHRASE_OFFER, "order now|followers|supplement|weight loss|fat burner|slimming|hair growth|skin care|serum|detox|pills|vape|genuine|original product|buy" },

	{ PHRASE_LUXURY, "香奈儿|古驰|爱马仕|劳力士|百达翡丽|欧米茄|路易威登|普拉达|迪奥|巴黎世家|驴牌|驴家|小香|大牌|名牌|名表|名包|奢侈品|椰子鞋|球鞋|aj" },
	{ PHRASE_LUXURY, "包包|手表|鞋|皮带|墨镜|化妆品|lv|品牌|logo" },
	{ PHRASE_LUXURY, "gucci|chanel|hermes|rolex|omega|prada|louis vuitton|yeezy|jordans|dior|coach|burberry|balenciaga|designer|luxury|watches|watch|handbag|handbags|bags|sneakers" },

	{ PHRASE_JOIN, "诚招|招募|招收|招代理|招总代|招微商|招合伙人|招学徒代|加入我们|加入团队|跟着我|跟我干|跟我做|跟我学|一起干|一起做|一起赚|带你赚|带你做|带你从" },
	{ PHRASE_JOIN, "手把手|带飞|团队带|有人带|包教|升级|成为会员|成为代理|成为合伙人|做代理|当代理|想创业|想做副业|改变命运|抓住机会|新项目|好项目|项目|平台刚" },
	{ PHRASE_JOIN, "join my|join our|join the team|be your own boss|quit your|quit my job|no boss|motivated|looking for~ladies|looking for~people|looking for~women|work with me|start your own" },
	{ PHRASE_JOIN, "partner with me|business opportunity|become an agent|become a distributor|become a partner|recruiting|ready to change|change your life|side hustle" },

	{ PHRASE_AGENT, "代理|总代|省代|市代|分销|微商|加盟|合伙人|联创|联合创始人|经销商|会员费|会员等级|团队奖|团队业绩|皇冠|特约|股东" },
	{ PHRASE_AGENT, "agents|distributor|distributors|reseller|resellers|my team|our team|starter kit|starter pack|no inventory|network marketing|multi level" },

	{ PHRASE_EASY, "宝妈|在家就能|在家带娃|在家也能|在家做|手机兼职|一部手机|只要手机|动动手指|副业|下班后|打字员|学生宝妈|上班族|零基础|无经验|不用经验|小白|轻松做|不影响上班|时间自由|兼职" },
	{ PHRASE_EASY, "from home|from my sofa|from my couch|from your sofa|from your couch|from my phone|from your phone|with my phone|with your phone|just a phone|no experience|work online|stay at home|part time|without leaving|9 to 9" },

	{ PHRASE_MONEY, "股票|个股|涨停|个板|牛股|大盘|实盘|炒币|比特币|虚拟币|数字币|币圈|期货|外汇|理财|投资|基金群|平台|充值|本金|提现|资金盘" },
	{ PHRASE_MONEY, "bitcoin|btc|crypto|usdt|ethereum|forex|trading|invest|investment|investor|investors|shares|stock tips|wallet|deposit|withdraw" },

	{ PHRASE_TELL, "诈骗|骗子|被骗|受骗|反诈|别信|不要相信|不要信|不信了|上当|防骗|警惕|当心|小心|千万别|警方|民警|派出所|报警|曝光|揭穿|传销|纪录片|这本书|论文|新闻|被告人|法院|判决|犯罪|涉嫌|检察|举报|被抓|获刑" },
	{ PHRASE_TELL, "scam|scams|scammer|scammers|scammed|fraud|fraudsters|do not fall|don t fall|beware|hang up|lost her|lost his|lost their|lost my|police|warning|warned|a book|documentary|nearly got" },

	{ PHRASE_CLAIM, "9天见效|天见效|见效快|立竿见影|根治|包治|除根|不反弹|无副作用|祖传|秘方|偏方|瘦9斤|9天瘦|一粒见效|一针见效|永久脱|无痛|不留疤|治癌|抗癌|降血糖神器|免考|包过|不用考试|内部渠道|保密发货|无效退|男士保健|壮阳|延时|迷药|催情|私密紧致" },
	{ PHRASE_CLAIM, "works in 9 days|works in a week|lose 9 kg|lose 9 kilos|lose 9 pounds|lose 9 lbs|9 kg in|miracle|cure diabetes|cures|cure for|no side effects|guaranteed results|results guaranteed|real accounts|real followers|without prescription|no prescription" },

	{ PHRASE_HEADS, "拉人头|人头费|发展下线|招下线|拉下线|下线提|下线越|直推|间推|级差奖|三级分|三级返|三代都|三代内|推荐奖|推荐人|推荐9人|推荐9~返|推荐9~奖|推荐~回本|推荐~有奖|介绍9~返|介绍9~奖|每拉一|每推荐|每来一|每介绍" },
	{ PHRASE_HEADS, "下面的人|底下~人~提|底下的人|下级|躺收|裂变团|拉9个人~就|团队奖|团队业绩奖|管理奖|见点奖|对碰奖|动态收益|静态收益|推荐9个" },
	{ PHRASE_HEADS, "downline|upline|for every person|for each person|for every friend you|bonus for every|for each friend you|three levels|9 levels|levels of commission|levels deep|recruit two|recruit 9|recruit three|they recruit|referral bonus|matching bonus|override" },

	{ PHRASE_FEE, "加盟费|入会费|会员费|代理费|门槛费|入门费|押金|定金|先交|先付|先充|前期|垫付|手续费|工本费|保证金|付邮费|首批拿货|拿货9|交9元|投9|9元成为|9元入|充9送|充值9返|充值~返" },
	{ PHRASE_FEE, "starter kit|joining fee|small deposit|registration fee|processing fee|small fee|fee first|upfront fee|activation fee|pay 9 for|pay the 9|shipping fee|invest 9|entry fee|send btc|send bitcoin" },

	{ PHRASE_INCOME, "日入|日赚|月入过|月入上|月入9|月入五位|月入六位|月赚|年入百万|年入千万|躺赚|躺着赚|轻松赚|睡后收入|被动收入|管道收入|财务自由|财富自由|一天赚|一天9|日收|收入稳定|回本|日结|9单9|一单一结|单日|不是梦|五位数|提15|提成高" },
	{ PHRASE_INCOME, "passive income|financial freedom|financially free|earn from|earn 9|earn up to|earning 9|9 a week|9 a day|9 per day|9 per week|9 a month|9k a month|9k last month|9k a week|made 9 a|made 9 last|six figures|extra income|extra cash|easy money|paid daily|daily payout|fast cash|checks never stop|residual income|income from" },

	{ PHRASE_SPREAD, "集赞|集满|集9个赞|点赞截图|点赞满|满9个赞|点赞9个|9个赞|转发|转给|转到|转9个群|分享到|分享给|邀请9|邀请好友|拉9个|拉好友|帮我砍|砍一刀|帮忙砍|帮点一下|扫码关注|关注公众号|一起转|快转|带上朋友" },
	{ PHRASE_SPREAD, "share this|share to|share with|share it|share the post|and share|like share|tag 9|tag three|tag two|tag five|tag your|tag a friend|like and|forward this|forward to|send this to|invite 9|invite your|invite friends|subscribe to|follow and|retweet|repost" },

	{ PHRASE_PROOF, "截图|9个赞|9个群|9个好友|9位好友|9个人|9位|9群|满9个|给9个|转9个|前9名|凭截图|亲测|我刚试过|自动送|系统自动" },
	{ PHRASE_PROOF, "screenshot|9 groups|9 friends|9 people|9 contacts|three friends|five friends|ten friends|three groups|five groups|ten groups|every tenth|every 9th|winners|worked for me|it worked|first 9" },

	{ PHRASE_REWARD, "免费送|免费领|免费拿|免费得|领取|领奖|领红包|元红包|领9元|送大礼|送礼|礼品|礼包|送9份|送9盒|送9套|送9个|送面膜|送9g|送~流量|送~话费|自动送|赠送|抽奖|可得|返现|大奖|奖品|精美" },
	{ PHRASE_REWARD, "free gift|win a|win an|to win|gets a free|get a free|a free iphone|free phone|giveaway|gift card|free sample|free data|of free|prize|prizes|reward|voucher|vouchers|you will receive|9 gb" },

	{ PHRASE_FAKE, "高仿|精仿|超仿|a货|超a|原单尾货|尾单货|纯原|公司级|放店版|莆田|过专柜|能过柜|过柜|专柜验|支持专柜|专柜可验|海关罚没|海关扣|海关没收|走私|厂家跑量|一比一|顶级版本|对版|原版皮|物流假单|假单|不方便发标" },
	{ PHRASE_FAKE, "replica|replicas|mirror quality|aaa quality|aaa grade|1 1 quality|same factory|same leather|same stamp|nobody can tell|no one can tell|indistinguishable|unauthorized authentic|super copy|first copy|one tenth of the price|box and receipt included" },

	{ PHRASE_LIKE_REAL, "复刻|原单|尾货|尾单|专柜品质|没小票|海外发货|原版|正品对|低价出|支持验" },
	{ PHRASE_LIKE_REAL, "fraction of the price|looks like|like the original|like original|quality copy" },

	{ PHRASE_GAMBLE, "博彩|彩金|时时彩|六合彩|真人视讯|真人荷官|首存|百家乐|棋牌平台|返水|必中9|中一码|特码|内幕码|老虎机|提款秒到|菠菜|网赌|下分" },
	{ PHRASE_GAMBLE, "free spins|gacor|maxwin|togel|slot online|situs judi|judi online|slot88|bandar|deposit pulsa|bonus new member|sportsbook|scatter" },
	{ PHRASE_BET, "下注|赌场|彩票|投注|体彩|casino|betting|jackpot|slot|poker|bet|wd cepat|deposit" },

	{ PHRASE_SURE, "稳赚|必中|必赢|稳赢|翻倍|保本|高回报|零风险|0风险|无风险|不中全退|不中退|早进早赚|赚不赔|包赚|包赢|吃肉|最后一波" },
	{ PHRASE_SURE, "guaranteed profit|guaranteed return|guaranteed returns|guaranteed income|guaranteed returns|9 guaranteed|is guaranteed|risk free|no risk|double your|twice|triple your|receive 9|within 9 days|in 9 hours|get back" },

	{ PHRASE_SCHEME, "刷单|刷信誉|刷好评|刷销量|派单|做单|返佣|不看征信|不查征信|无视征信|无视黑白|黑户|停息挂账|网贷|无抵押|秒批|秒到账|秒下|下款|套现|代还|内幕消息|内部消息|彩票内幕|带单|老师带|跟着老师|跟老师|牛股推荐|安全账户|洗白" },
	{ PHRASE_SCHEME, "you have won|have won 9|to claim call|claim call|urgent message waiting|confirm your details|account has been suspended|have been selected|claim your prize|claim it|claim your|verify your account|account will be closed|enter your card|enter your pin|no credit check|bad credit|clean your credit|instant approval|boost your reviews|forex expert|trading expert|account manager|send btc|guaranteed loan" },

	{ PHRASE_PAPERS, "办证|代办证|毕业证|资格证|驾驶证|各种证件|证件香烟|代开发票|文凭办理|学位证|可上网查|学信网可查|假证" },
	{ PHRASE_PAPERS, "real passports|passports|driving licences|drivers license|drivers licence|driving license|fake id|diplomas|registered in the system|certificates without" },
};
const size_t phrase_table_count = sizeof phrase_table / sizeof phrase_table[0];
