/* sha1.h - the digest a WebSocket's handshake is answered with (RFC 6455, 4.2.2), and for nothing else: it has been
 * broken as a proof of anything since 2017. Source: FIPS 180-4, 6.1. */
#ifndef KITH_HTTP_SHA1_H
#define KITH_HTTP_SHA1_H

#include "base/str.h"

#define SHA1_BYTES 20

void sha1_of(str bytes, uint8_t digest[SHA1_BYTES]);

#endif
