/* leak.h - places where the program can be made to leak on purpose, so that the oracle proves that it would notice.
 *
 * Only a build set up with -Dleaks=true holds any of them; there the environment variable KITH_LEAK names the one that is
 * open. Everywhere else LEAK(name) is the constant false and leaves nothing behind, which tests/oracle checks by looking for
 * the names in the program. What each is like in the world, and how it is found: tests/oracle/leaks.py. */
#ifndef KITH_BASE_LEAK_H
#define KITH_BASE_LEAK_H

#include <stdbool.h>

#ifdef KITH_LEAKS
bool leak_is_open(const char *name);
#define LEAK(name) leak_is_open(name)
#else
#define LEAK(name) false
#endif

#endif
