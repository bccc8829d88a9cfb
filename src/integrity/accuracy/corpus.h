/* corpus.h - the labelled texts accuracy is measured on, and what their labels should have been.
 *
 * The corpus is ../shared/data/text/dev.jsonl.gz, which a user does not have; the corrections are
 * tests/texts/dev_corrections.tsv, whose head states how they were made. */
#ifndef KITH_INTEGRITY_ACCURACY_CORPUS_H
#define KITH_INTEGRITY_ACCURACY_CORPUS_H

#include "base/err.h"
#include "base/str.h"

#define CORPUS_DEV "../shared/data/text/dev.jsonl.gz"
#define CORPUS_CORRECTIONS "tests/texts/dev_corrections.tsv"

enum correction { CORRECTION_NONE, CORRECTION_HONEST, CORRECTION_SPAM, CORRECTION_DROP };

struct corpus_text {
	str id, set, lang, text;
	bool spam; /* as labelled */
	enum correction correction;
};

struct corpus {
	struct corpus_text *list; /* in `mem` */
	size_t n, corrected;
	size_t unmatched; /* corrections whose text is not in the corpus */
};

/* A file that is not there is ERR_MISSING, one that is not the form ERR_INPUT. */
MUST_CHECK err corpus_read(const char *path, const char *corrections, struct arena *mem,
                           struct corpus *out);
/* False when the correction leaves the text out; else `*spam` is the label, as it is or corrected. */
bool corpus_label(const struct corpus_text *text, bool corrected, bool *spam);

#endif
