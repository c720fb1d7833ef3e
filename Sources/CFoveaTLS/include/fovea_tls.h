#ifndef FOVEA_TLS_H
#define FOVEA_TLS_H

#include <stddef.h>
#include <stdint.h>

// Server-side TLS on OpenSSL 3 without a socket: bytes of the network go in and come out through memory, so that the caller alone decides
// when to read and write. Nothing here blocks. Digests are in fovea_digest.h.

// A certificate chain with its key, and the settings of every connection. May be shared by threads.
typedef struct fovea_tls_context fovea_tls_context;
// One connection. Used by one thread at a time.
typedef struct fovea_tls_session fovea_tls_session;

// Reads a certificate chain and a key from PEM files and checks that they belong together.
// client_ca may be NULL; else clients must show a certificate that it signed.
// Returns NULL and says why in message; a usable context may come with a warning there.
fovea_tls_context *_Nullable fovea_tls_context_create(
    const char *_Nonnull certificate, const char *_Nonnull key, const char *_Nullable client_ca, char *_Nonnull message, size_t capacity);
void fovea_tls_context_free(fovea_tls_context *_Nonnull context);

fovea_tls_session *_Nullable fovea_tls_session_create(fovea_tls_context *_Nonnull context);
void fovea_tls_session_free(fovea_tls_session *_Nonnull session);

// Takes bytes from the network. Returns 0 when memory ran out.
int fovea_tls_session_feed(fovea_tls_session *_Nonnull session, const uint8_t *_Nonnull bytes, size_t count);

enum {
    FOVEA_TLS_MORE = 0,
    FOVEA_TLS_END = -1,
    FOVEA_TLS_FAILED = -2,
};
// Decrypts into bytes; advances the handshake too. Returns a count, or one of the above.
// A client that sends more than 32 KeyUpdates, with neither 16384 bytes of data nor an answer between them, has failed.
long fovea_tls_session_read(fovea_tls_session *_Nonnull session, uint8_t *_Nonnull bytes, size_t capacity);
// Whether the handshake is over.
int fovea_tls_session_is_established(fovea_tls_session *_Nonnull session);
// Why reading failed; lives as long as the session.
const char *_Nonnull fovea_tls_session_reason(fovea_tls_session *_Nonnull session);
// Encrypts. Returns 0 when that failed.
int fovea_tls_session_write(fovea_tls_session *_Nonnull session, const uint8_t *_Nonnull bytes, size_t count);
// Says that nothing more will be sent; once, and not before the handshake is over.
void fovea_tls_session_end(fovea_tls_session *_Nonnull session);

// How many bytes wait for the network, and those bytes.
size_t fovea_tls_session_pending(fovea_tls_session *_Nonnull session);
size_t fovea_tls_session_take(fovea_tls_session *_Nonnull session, uint8_t *_Nonnull bytes, size_t capacity);

#endif
