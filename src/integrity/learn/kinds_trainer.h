/* kinds_trainer.h - posts written for this project, and honest texts of corpora, to a model of kinds (text/kinds.h).
 *
 * Posts are shown as they are and under disguises. Thresholds come from honest texts out of fold: five times the model is trained
 * without a fifth of the texts and judges that fifth. Equal input and seed give equal bytes. */
#ifndef KITH_INTEGRITY_LEARN_KINDS_TRAINER_H
#define KITH_INTEGRITY_LEARN_KINDS_TRAINER_H

#include "integrity/text/kinds.h"

struct kinds_trainer;

struct kinds_trainer_figures {
	uint64_t honest;                                       /* of corpora */
	uint64_t posts[POST_KINDS + 1];                        /* by kind; the last: honest posts */
	uint64_t likely[POST_KINDS + 1], sure[POST_KINDS + 1]; /* of those, out of fold */
	uint64_t right; /* likely ones whose kind is the heaviest */
};

/* `tables`: folder for augment_read, or NULL. */
struct kinds_trainer *kinds_trainer_new(uint64_t seed, const char *tables);
void kinds_trainer_free(struct kinds_trainer *t);
/* An honest text of a corpus. Texts of equal fold stay on one side. */
void kinds_trainer_add_honest(struct kinds_trainer *t, str text, str fold);
/* A post written for training: its kind, or POST_KINDS for an honest one. */
void kinds_trainer_add_post(struct kinds_trainer *t, str text, unsigned kind);
/* The file in `mem`. ERR_INPUT without posts of every kind and honest ones. */
MUST_CHECK err kinds_trainer_finish(struct kinds_trainer *t, struct arena *mem, str *file,
                                    struct kinds_trainer_figures *figures);

#endif
