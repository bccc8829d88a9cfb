/* due_process.h - what belongs to due process does not go back with a restore: all of it comes along from the database that is set aside.
 *
 * Measures with their reasons, cases, reports and what became of them, complaints, appeals with their numbers, clocks, draws and votes, looks,
 * settings and published months. What they are about may not be there any more: whoever came after the backup is nobody, and what
 * waited on a piece that was lost with it is withdrawn, since there is nothing left to decide. */
#ifndef KITH_STORE_DUE_PROCESS_H
#define KITH_STORE_DUE_PROCESS_H

#include "store/store.h"

/* `from` went on from what `tx` has. */
MUST_CHECK err due_process_take(struct conn *tx, struct conn *from);
/* There is nothing to take: numbers of appeals go on where none was given for sure. */
MUST_CHECK err due_process_skip(struct conn *tx);

#endif
