/* banked.h - table banked: since when each picture of the keeper's bank is in it. circle/proscribe.h writes it. */
#ifndef KITH_STORE_BANKED_H
#define KITH_STORE_BANKED_H

#include "store/store.h"

#define BANKED_BYTES 32

struct banked {
	unsigned char pdq[BANKED_BYTES];
	int64_t since_ms; /* 0: from the beginning */
	bool urgent;
};
/* Before all that are in it now are put: whoever is not, is dropped after. */
MUST_CHECK err banked_begin(struct conn *tx);
/* Keeps its time where it was there; `out` is how it is then. */
MUST_CHECK err banked_put(struct conn *tx, const struct banked *one, struct banked *out);
MUST_CHECK err banked_end(struct conn *tx);

#endif
