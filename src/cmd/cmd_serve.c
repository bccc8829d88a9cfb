/* kith serve: wires the server. Open the circle, listen, say "ready", and on SIGTERM finish what is in flight. */
#include "cmd/commands.h"

#include "api/api.h"
#include "circle/admit.h"
#include "circle/appeal.h"
#include "circle/audit.h"
#include "circle/complain.h"
#include "circle/enact.h"
#include "circle/exporter.h"
#include "circle/found.h"
#include "circle/order.h"
#include "circle/picture.h"
#include "circle/remember.h"
#include "circle/review.h"
#include "circle/transparency.h"
#include "circle/turndown.h"
#include "circle/warm.h"
#include "circle/world.h"
#include "cmd/control.h"
#include "cmd/options.h"
#include "http/listen.h"
#include "http/server.h"
#include "media/darkroom.h"

#include "base/file.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_MS 10000
#define SWEEP_SECONDS 60
#define DESCRIPTORS 32768
/* Heaps that threads share. One for each few of seventy keeps the most that a request on each ever took: 86 MB resident after searches by
 * eight clients, against 61 with two. */
#define HEAPS 2

struct serving {
	const char *folder, *listen, *url, *proxy, *metrics_listen;
	int64_t worker, friends_max;
	char url_made[256], metrics_made[512];
	struct log *log;
	struct darkroom *darkroom;
	struct circle *circle;
	struct api *api;
	struct http_server *server, *metrics_server;
	struct control *control;
	struct warm *warm;
	pthread_t sweeper;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool sweeping, stopping;
};

static const char usage[] =
	"usage: kith serve [--listen ADDR:PORT|unix:PATH] [--url ORIGIN] [--data DIR] [--trusted-proxy ADDR] [--metrics LISTEN] [--database sqlite]\n"
	"Runs the circle. --url is the origin people use (default: the listen address). Prints `kith: ready on ...` when it\n"
	"serves; SIGTERM finishes what is in flight and exits 0. Metrics are on DIR/metrics.sock unless --metrics says where.\n"
	"--friends-max sets the cap of friends (5000); --worker numbers this node's ids (0). The database is\n"
	"SQLite in DIR; no other is supported yet.\n"
	"example: kith serve --data /var/lib/kith --listen 127.0.0.1:8420 --url https://circle.example\n";

/* Connections and streams are descriptors; what the system gives at first is enough for a thousand. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool is_address(const char *option, const char *where)
{
	err e = where ? listen_check(where) : OK;
	if (failed(e))
		fprintf(stderr, "kith: --%s: %s\n", option, e.say);
	return !failed(e);
}

/* Before anything is opened: -1, or the exit code of wrong usage. */
static int check_settings(const struct serving *s)
{
	if (!is_address("listen", s->listen) || !is_address("metrics", s->metrics_listen))
		return 2;
	if (s->worker < 0 || s->worker > 1023) {
		fprintf(stderr, "kith: --worker is 0 to 1023\n");
		return 2;
	}
	if (s->friends_max < 0 || s->friends_max > 1000000) {
		fprintf(stderr, "kith: --friends-max is 1 to 1000000\n");
		return 2;
	}
	if (s->url && strncmp(s->url, "http://", 7) != 0 && strncmp(s->url, "https://", 8) != 0) {
		fprintf(stderr, "kith: --url begins with http:// or https://\n");
		return 2;
	}
	return -1;
}

static int read_settings(struct serving *s, int argc, char **argv)
{
	const char *env = getenv("KITH_DATA");
	s->folder = env && *env ? env : "./var";
	s->listen = "127.0.0.1:8420";
	const char *database = "sqlite";
	const struct option_row rows[] = {
		{ "data", OPTION_TEXT, &s->folder },
		{ "listen", OPTION_TEXT, &s->listen },
		{ "url", OPTION_TEXT, &s->url },
		{ "trusted-proxy", OPTION_TEXT, &s->proxy },
		{ "database", OPTION_TEXT, &database },
		{ "metrics", OPTION_TEXT, &s->metrics_listen },
		{ "worker", OPTION_NUMBER, &s->worker },
		{ "friends-max", OPTION_NUMBER, &s->friends_max },
	};
	const struct options options = { usage, rows, sizeof rows / sizeof rows[0], 0, 0 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	if (strcmp(database, "sqlite") != 0) {
		fprintf(stderr,
		        "kith: --database is sqlite, in the data folder: no other is supported yet\n");
		return 2;
	}
	return check_settings(s);
}

/* ---- what is done again and again ---- */

/* The order's clock and rules that are overturned every second; every minute policies that are due, pieces that could not be screened, and pictures nobody used. */
static void tick(struct serving *s, int64_t second)
{
	struct circle *c = s->circle;
	int64_t now_ms = clock_now(c->clock);
	log_if_failed(s->log, "order.failed", order_tick(c, now_ms, clock_mono(c->clock)));
	log_if_failed(s->log, "appeals.failed", appeal_tick(c, now_ms));
	log_if_failed(s->log, "rules.failed", turndown_tick(c, now_ms));
	if (second % SWEEP_SECONDS != 0)
		return;
	log_if_failed(s->log, "policies.failed", enact_tick(c, now_ms));
	log_if_failed(s->log, "transparency.failed", transparency_tick(c, now_ms));
	log_if_failed(s->log, "sweep.failed", review_rescreen(c, now_ms));
	log_if_failed(s->log, "sweep.failed", admit_touch(c));
	log_if_failed(s->log, "sweep.failed", found_sweep(c));
	log_if_failed(s->log, "sweep.failed", audit_day(c, order_now(c, now_ms)));
	log_if_failed(s->log, "sweep.failed", complain_sweep(c, now_ms));
	log_if_failed(s->log, "sweep.failed", picture_sweep(c, now_ms));
	if (s->darkroom)
		darkroom_rest(s->darkroom);
	exporter_sweep(c->exporter, now_ms);
}

/* By the clock that only goes forward: one that jumps back must not make it sleep. */
static void *sweep_loop(void *arg)
{
	struct serving *s = arg;
	pthread_mutex_lock(&s->lock);
	for (int64_t second = 0; !s->stopping; second++) {
		struct timespec until;
		pthread_mutex_unlock(&s->lock);
		tick(s, second);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += 1;
		pthread_mutex_lock(&s->lock);
		while (!s->stopping && pthread_cond_timedwait(&s->wake, &s->lock, &until) == 0)
			;
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static err sweep_start(struct serving *s)
{
	pthread_condattr_t forward;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&forward);
	pthread_condattr_setclock(&forward, CLOCK_MONOTONIC);
	pthread_cond_init(&s->wake, &forward);
	pthread_condattr_destroy(&forward);
	s->sweeping = pthread_create(&s->sweeper, NULL, sweep_loop, s) == 0;
	return s->sweeping ? OK : err_system("no thread for the sweeper");
}

static void sweep_stop(struct serving *s)
{
	if (!s->sweeping)
		return;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->sweeper, NULL);
}

/* ---- metrics: a listener of its own ---- */

static struct http_plan metrics_plan(void *ctx, const struct http_request *head)
{
	(void)ctx, (void)head;
	return (struct http_plan){ .lane = LANE_READ };
}

static void metrics_serve(void *ctx, const struct http_plan *plan,
                          const struct http_request *request, struct http_reply *reply)
{
	(void)plan;
	struct serving *s = ctx;
	struct metrics *m = api_metrics(s->api);
	struct buf b;
	metrics_set(m, METRICS_PAST_BYTES, (int64_t)remember_bytes(s->circle));
	world_lock(s->circle->world);
	size_t pieces = world_pieces_bytes(s->circle->world);
	world_unlock(s->circle->world);
	metrics_set(m, METRICS_PIECES_BYTES, (int64_t)pieces);
	buf_init(&b, request->mem, (size_t)1 << 20);
	metrics_render(m, &b);
	http_reply_body(reply, 200, "text/plain; version=0.0.4", buf_str(&b));
}

static err metrics_start(struct serving *s)
{
	if (!s->metrics_listen) {
		snprintf(s->metrics_made, sizeof s->metrics_made, "unix:%s/metrics.sock",
		         s->folder);
		s->metrics_listen = s->metrics_made;
		unlink(s->metrics_made +
		       5); /* the store's lock is held: a left-over of a killed server */
	}
	struct http_settings settings = http_settings_default(s->metrics_listen, s->circle->clock);
	settings.loops = 1;
	settings.write_threads = settings.hash_threads = 1;
	settings.connections_max = 16;
	settings.unix_mode = 0600;
	settings.log = s->log;
	struct http_app app = { .ctx = s, .plan = metrics_plan, .serve = metrics_serve };
	return http_server_start(&settings, app, &s->metrics_server);
}

/* ---- the server itself ---- */

/* The listen address names the origin until --url says better: known only after a port 0 has been bound. */
static void settle_url(struct serving *s)
{
	if (s->url)
		return;
	str address = http_server_address(s->server);
	if (str_starts(address, S("unix:")))
		snprintf(s->url_made, sizeof s->url_made, "http://localhost");
	else
		snprintf(s->url_made, sizeof s->url_made, "http://%.*s", STR_ARG(address));
	s->url = s->url_made;
	api_set_url(s->api, str_of(s->url));
}

/* Without a darkroom everything else is served, and it is said. */
static void no_pictures(struct serving *s, err e)
{
	log_if_failed(s->log, "pictures.refused", e);
	fprintf(stderr, "kith: no pictures are taken: %s\n", e.say ? e.say : e.why);
	if (s->circle)
		s->circle->darkroom = NULL;
	darkroom_close(&s->darkroom);
}

/* Its libraries load while the circle is opened. */
static void open_darkroom(struct serving *s)
{
	err e = darkroom_start(s->log, &s->darkroom);
	if (failed(e))
		no_pictures(s, e);
}

static void await_darkroom(struct serving *s)
{
	err e = s->darkroom ? darkroom_ready(s->darkroom) : OK;
	if (failed(e))
		no_pictures(s, e);
}

static void say_doubted(const struct serving *s)
{
	struct order_time is = order_time(s->circle, clock_now(s->circle->clock));
	struct arena *mem = arena_new(1024);
	struct buf b;
	buf_init(&b, mem, 512);
	buf_lit(&b, "kith: the clock says ");
	buf_time(&b, is.wall_ms);
	buf_lit(&b, ", and when it was last looked at it was ");
	buf_time(&b, is.now_ms);
	buf_lit(&b,
	        ". Until one of the two is put right deadlines go on from the earlier look. If the clock "
	        "is right: kith order clock --is-right\n");
	if (is.doubted)
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&b)));
	arena_free(mem);
}

static err start(struct serving *s)
{
	err e;
	struct clock clock = clock_real();
	open_darkroom(s);
	struct circle_settings circle = { .folder = s->folder,
		                          .screen = true,
		                          .worker = (unsigned)s->worker,
		                          .friends_max = (int)s->friends_max,
		                          .darkroom = s->darkroom,
		                          .clock = clock,
		                          .chance = chance_real(),
		                          .log = s->log };
	TRY(circle_open(&circle, &s->circle));
	struct api_settings api = { .url = s->url ? str_of(s->url) : STR_NONE, .log = s->log };
	TRY(api_new(&api, s->circle, &s->api));
	struct http_settings http = http_settings_default(s->listen, clock);
	http.trusted_proxy = s->proxy;
	http.spool = s->folder;
	http.log = s->log;
	http.metrics = api_metrics(s->api);
	TRY(http_server_start(&http, api_app(s->api), &s->server));
	settle_url(s);
	TRY(metrics_start(s));
	TRY(control_start(s->folder, s->url, s->circle, &s->control));
	await_darkroom(s);
	say_doubted(s);
	/* What ended or began while nobody served, before anybody is served again. */
	log_if_failed(s->log, "order.failed",
	              order_tick(s->circle, clock_now(clock), clock_mono(clock)));
	TRY(sweep_start(s));
	(void)malloc_trim(0); /* the policy's words took 20 MB to compile */
	TRY(warm_start(s->circle, &s->warm));
	api_set_ready(s->api, true);
out:
	return e;
}

static void stop(struct serving *s)
{
	if (s->api)
		api_set_ready(s->api, false);
	if (s->server)
		http_server_drain(s->server, DRAIN_MS);
	sweep_stop(s);
	warm_stop(&s->warm);
	control_stop(&s->control);
	http_server_stop(s->server);
	http_server_stop(s->metrics_server);
	api_free(s->api);
	circle_close(&s->circle);
	darkroom_close(&s->darkroom);
	log_free(s->log);
}

int cmd_serve(int argc, char **argv)
{
	struct serving s = { 0 };
	int code = read_settings(&s, argc, argv);
	if (code >= 0)
		return code;
	/* Every thread inherits the mask, so that the signal comes to sigwait below and nowhere else. */
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	raise_descriptors();
	(void)mallopt(M_ARENA_MAX, HEAPS);
	s.log = log_new(STDERR_FILENO, LOG_INFO, clock_real());
	err e = start(&s);
	if (failed(e)) {
		bool opened = s.circle != NULL; /* else the folder is what is wrong */
		fprintf(stderr, "kith: %s%s%s\n", opened ? "" : s.folder, opened ? "" : ": ",
		        e.say ? e.say : e.why);
		stop(&s);
		return 1;
	}
	printf("kith: ready on %s\n", s.url);
	fflush(stdout);
	int got;
	sigwait(&ends, &got);
	stop(&s);
	return 0;
}
