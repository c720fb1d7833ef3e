#ifndef FOVEA_DIGEST_H
#define FOVEA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { FOVEA_SHA256_SIZE = 32 };

// SHA-256 (FIPS 180-4) of count bytes, into digest. Returns 0 when OpenSSL failed.
int fovea_sha256(const uint8_t *_Nullable bytes, size_t count, uint8_t digest[_Nonnull FOVEA_SHA256_SIZE]);

// Whether count bytes are equal, in a time that does not depend on what they are.
int fovea_equals(const uint8_t *_Nonnull first, const uint8_t *_Nonnull second, size_t count);

#endif
