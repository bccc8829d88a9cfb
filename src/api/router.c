/* A tree of path segments, made once from the table. */
#include "api/route.h"

#include <assert.h>
#include <string.h>

struct node {
	str segment; /* literal; unused in an argument's node */
	struct node *next, *first, *argument;
	const struct route *by_method[HTTP_METHODS];
	unsigned methods;
};

struct router {
	struct node root;
};

static struct node *child_of(const struct node *node, str segment)
{
	for (struct node *child = node->first; child; child = child->next)
		if (str_eq(child->segment, segment))
			return child;
	return NULL;
}

static struct node *reach(struct node *node, str segment, struct arena *mem)
{
	if (str_starts(segment, S(":"))) {
		if (!node->argument)
			node->argument = ARENA_NEW(mem, struct node);
		return node->argument;
	}
	struct node *child = child_of(node, segment);
	if (!child) {
		child = ARENA_NEW(mem, struct node);
		child->segment = segment;
		child->next = node->first;
		node->first = child;
	}
	return child;
}

/* "/a/b" gives "a", "b"; "/" and a slash at the end give an empty last one. */
static str next_segment(str *rest)
{
	*rest = str_slice(*rest, 1, rest->n);
	size_t slash = str_find(*rest, S("/"));
	str segment = str_slice(*rest, 0, slash);
	*rest = str_slice(*rest, segment.n, rest->n);
	return segment;
}

struct router *router_new(struct arena *mem)
{
	struct router *router = ARENA_NEW(mem, struct router);
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *route = &routes[i];
		struct node *node = &router->root;
		for (str rest = str_of(route->path); rest.n > 0;)
			node = reach(node, next_segment(&rest), mem);
		assert(!node->by_method[route->method]); /* a row given twice */
		node->by_method[route->method] = route;
		node->methods |= 1u << route->method;
	}
	return router;
}

struct route_match router_find(const struct router *router, enum http_method method, str path)
{
	struct route_match match = { .route = NULL };
	const struct node *node = &router->root;
	size_t n = 0;
	for (str rest = path; node && rest.n > 0;) {
		str segment = next_segment(&rest);
		const struct node *literal = child_of(node, segment);
		if (literal) {
			node = literal;
		} else {
			node = segment.n > 0 ? node->argument : NULL;
			if (node && n < ROUTE_ARGS_MAX)
				match.args[n++] = segment;
		}
	}
	if (!node || !node->methods)
		return (struct route_match){ .route = NULL };
	match.path_known = true;
	match.methods = node->methods;
	match.route = node->by_method[method];
	return match;
}

const char *const *route_names(struct arena *mem)
{
	const char **names = ARENA_ARRAY(mem, routes_n, const char *);
	for (size_t i = 0; i < routes_n; i++)
		names[i] = str_to_c(mem,
		                    str_format(mem, "%s %s", http_method_name(routes[i].method),
		                               routes[i].path));
	return names;
}
