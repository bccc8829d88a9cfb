/* dispatch.h - what happens to every request around its handler.
 *
 * From the head alone: which route, which origin, whose token, which scope, how often. Then the body's parameters, the
 * handler, and the one place where an error becomes an answer. */
#ifndef KITH_API_DISPATCH_H
#define KITH_API_DISPATCH_H

#include "api/api.h"

/* The three functions of an http_app; `ctx` is the struct api. */
struct http_plan dispatch_plan(void *ctx, const struct http_request *head);
void dispatch_serve(void *ctx, const struct http_plan *plan, const struct http_request *request,
                    struct http_reply *reply);
void dispatch_finish(void *ctx, const struct http_plan *plan, const struct http_request *request,
                     struct http_reply *reply);

#endif
