#include "fovea_digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

int fovea_sha256(const uint8_t *bytes, size_t count, uint8_t digest[FOVEA_SHA256_SIZE]) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL) == 1;
}

int fovea_equals(const uint8_t *first, const uint8_t *second, size_t count) {
    return CRYPTO_memcmp(first, second, count) == 0;
}
