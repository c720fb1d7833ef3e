#include "tls_client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

struct tls_client {
    SSL_CTX *context;
    SSL *ssl;
    // Owned by ssl.
    BIO *in;
    BIO *out;
};

tls_client *tls_client_create(void) {
    tls_client *client = calloc(1, sizeof *client);
    if (client == NULL) return NULL;
    client->context = SSL_CTX_new(TLS_client_method());
    client->ssl = client->context == NULL ? NULL : SSL_new(client->context);
    client->in = BIO_new(BIO_s_mem());
    client->out = BIO_new(BIO_s_mem());
    if (client->ssl == NULL || client->in == NULL || client->out == NULL) {
        BIO_free(client->in);
        BIO_free(client->out);
        SSL_free(client->ssl);
        SSL_CTX_free(client->context);
        free(client);
        return NULL;
    }
    // An empty memory is "wait", not "end".
    BIO_set_mem_eof_return(client->in, -1);
    SSL_set_bio(client->ssl, client->in, client->out);
    SSL_set_connect_state(client->ssl);
    return client;
}

void tls_client_free(tls_client *client) {
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    free(client);
}

int tls_client_feed(tls_client *client, const uint8_t *bytes, size_t count) {
    size_t written = 0;
    return count == 0 || (BIO_write_ex(client->in, bytes, count, &written) == 1 && written == count);
}

size_t tls_client_pending(tls_client *client) {
    return BIO_ctrl_pending(client->out);
}

size_t tls_client_take(tls_client *client, uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    if (capacity == 0 || BIO_read_ex(client->out, bytes, capacity, &count) != 1) return 0;
    return count;
}

int tls_client_handshake(tls_client *client) {
    ERR_clear_error();
    int result = SSL_do_handshake(client->ssl);
    if (result == 1) return 1;
    return SSL_get_error(client->ssl, result) == SSL_ERROR_WANT_READ ? 0 : -1;
}

long tls_client_read(tls_client *client, uint8_t *bytes, size_t capacity) {
    ERR_clear_error();
    size_t count = 0;
    if (SSL_read_ex(client->ssl, bytes, capacity, &count) == 1) return (long)count;
    switch (SSL_get_error(client->ssl, 0)) {
    case SSL_ERROR_WANT_READ: return TLS_CLIENT_MORE;
    case SSL_ERROR_ZERO_RETURN: return TLS_CLIENT_END;
    default: return TLS_CLIENT_FAILED;
    }
}

int tls_client_write(tls_client *client, const uint8_t *bytes, size_t count) {
    ERR_clear_error();
    size_t written = 0;
    return SSL_write_ex(client->ssl, bytes, count, &written) == 1 && written == count;
}

int tls_client_update_keys(tls_client *client) {
    ERR_clear_error();
    return SSL_key_update(client->ssl, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(client->ssl) == 1;
}

int tls_client_end(tls_client *client) {
    ERR_clear_error();
    return SSL_shutdown(client->ssl) >= 0;
}
