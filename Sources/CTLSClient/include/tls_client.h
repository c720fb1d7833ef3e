#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <stddef.h>
#include <stdint.h>

// A client's end of TLS for tests, on memory: it renews keys as often as it is told, and tells whether the server said that it ends.
// It looks at no certificate.
typedef struct tls_client tls_client;

// Returns NULL without memory.
tls_client *_Nullable tls_client_create(void);
void tls_client_free(tls_client *_Nonnull client);

// Takes bytes from the server. Returns 0 when memory ran out.
int tls_client_feed(tls_client *_Nonnull client, const uint8_t *_Nonnull bytes, size_t count);
// How many bytes wait for the server, and those bytes.
size_t tls_client_pending(tls_client *_Nonnull client);
size_t tls_client_take(tls_client *_Nonnull client, uint8_t *_Nonnull bytes, size_t capacity);

// Returns 1 once the handshake is over, 0 where it needs bytes of the server's, -1 when it failed.
int tls_client_handshake(tls_client *_Nonnull client);

enum {
    TLS_CLIENT_MORE = 0,
    TLS_CLIENT_END = -1,
    TLS_CLIENT_FAILED = -2,
};
// Decrypts into bytes. Returns a count, or one of the above; the end is the server's close_notify.
long tls_client_read(tls_client *_Nonnull client, uint8_t *_Nonnull bytes, size_t capacity);

// Each of these returns 0 when it failed. Encrypts; renews the keys and asks the server to do so; says that nothing more will be sent.
int tls_client_write(tls_client *_Nonnull client, const uint8_t *_Nonnull bytes, size_t count);
int tls_client_update_keys(tls_client *_Nonnull client);
int tls_client_end(tls_client *_Nonnull client);

#endif
