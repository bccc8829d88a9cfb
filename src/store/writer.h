/* writer.h - the one thread that writes, and the queue before it. Room-private. */
#ifndef KITH_STORE_WRITER_H
#define KITH_STORE_WRITER_H

#include "store/driver.h"
#include "store/store.h"
#include "store/tombstone_log.h"

struct writer;

/* All are borrowed until writer_stop. */
MUST_CHECK err writer_start(struct conn *conn, struct tombstone_log *tombstones, struct log *log,
                            struct writer **out);
/* Finishes what is queued; jobs that come later get ERR_BUSY. */
void writer_stop(struct writer **writer);
/* Blocks until the job is committed or refused. `alone`: in a commit of its own, so that nobody waits for it
 * who came before. */
MUST_CHECK err writer_do(struct writer *writer, struct store_job job, bool alone);

#endif
