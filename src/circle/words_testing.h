/* words_testing.h - the words of the default policy, compiled once for all tests.
 *
 * Every circle that screens compiles them in its own folder at its first start, which takes longer than most tests. Files are named by
 * what they were compiled from, so those of another test serve, or are not looked at. Where they lie tells KITH_TEST_WORDS; without it
 * each circle compiles its own. */
#ifndef KITH_CIRCLE_WORDS_TESTING_H
#define KITH_CIRCLE_WORDS_TESTING_H

/* Before a circle opens in `folder`: links to what is kept. */
void words_bring(const char *folder);
/* Before `folder` is removed: what was compiled there is kept for the next. */
void words_keep(const char *folder);

#endif
