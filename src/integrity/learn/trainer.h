/* trainer.h - labelled texts in, weights out; equal input and seed give equal bytes.
 *
 * Each text is shown as it is, with digits where its corpus masked them, and under disguises. All of them train the
 * weights. Thresholds and the map to a probability come from scores out of fold: five times more a model is trained, without a fifth
 * of the texts, and judges that fifth. */
#ifndef KITH_INTEGRITY_LEARN_TRAINER_H
#define KITH_INTEGRITY_LEARN_TRAINER_H

#include "base/err.h"
#include "base/str.h"

enum lesson_source {
	LESSON_CORPUS, /* thresholds come from these alone */
	LESSON_NOTICE, /* the others are of our own writing, see templates.h */
	LESSON_SELLER,
	LESSON_MALICIOUS,
	LESSON_FOREIGN
};
#define LESSON_SOURCES (LESSON_FOREIGN + 1)

struct lesson {
	str text;
	str fold; /* texts of equal fold stay on one side when some are held out: a group of near copies */
	enum lesson_source source;
	bool spam;
};

struct trainer;

struct trainer_figures {
	uint64_t texts, spam, copies;             /* copies: with digits, or disguised */
	double recall_1_in_1000, recall_1_in_100; /* of the corpus, out of fold */
	/* Of each source, out of fold: texts, and those above the thresholds of struct judgement. */
	uint64_t of_source[LESSON_SOURCES], resemble[LESSON_SOURCES], advertise[LESSON_SOURCES];
};

struct trainer_settings {
	uint64_t seed;
	const char *tables; /* folder for augment_read, or NULL */
	bool plain;         /* no copies: to see what they do */
};

struct trainer *trainer_new(const struct trainer_settings *settings);
void trainer_free(struct trainer *t);
void trainer_add(struct trainer *t, const struct lesson *lesson);
/* The file of weights (text/model.h) in `mem`. ERR_INPUT without texts of both kinds. */
MUST_CHECK err trainer_finish(struct trainer *t, struct arena *mem, str *file,
                              struct trainer_figures *figures);

#endif
