#include "fovea_tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fovea_tls_context {
    SSL_CTX *ssl;
};

struct fovea_tls_session {
    SSL *ssl;
    // Owned by ssl.
    BIO *in;
    BIO *out;
    int is_established;
    // Handshake messages behind the handshake, and bytes of application data, both since messages were last allowed anew.
    unsigned int messages;
    size_t data;
    char reason[256];
};

enum {
    // As many as BoringSSL takes in a row.
    MOST_MESSAGES = 32,
    // BoringSSL starts anew with any application data, so that a byte between them buys more; here it takes a whole record.
    DATA_FOR_MESSAGES = 16384,
    // A connection that waits keeps no more memory than this in either direction.
    KEPT_BUFFER = 4096,
};

// OpenSSL would ask on the terminal; a server has none.
static int no_passphrase(char *buffer, int size, int writing, void *data) {
    (void)buffer, (void)size, (void)writing, (void)data;
    return 0;
}

// RFC 7301, 3.2: a client that names protocols, ours not among them, is told so by an alert.
static int choose_protocol(
    SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered, unsigned int count, void *data) {
    (void)ssl, (void)data;
    static const unsigned char ours[] = "http/1.1";
    unsigned int position = 0;
    while (position < count) {
        unsigned int size = offered[position];
        if (size > count - position - 1) break;
        if (size == sizeof ours - 1 && memcmp(offered + position + 1, ours, size) == 0) {
            *chosen = offered + position + 1;
            *length = (unsigned char)size;
            return SSL_TLSEXT_ERR_OK;
        }
        position += size + 1;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static const char *reason_of(unsigned long code) {
    const char *text = code == 0 ? NULL : ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
    return text != NULL ? text : "unknown reason";
}

static void explain(char *message, size_t capacity, const char *what, const char *path) {
    snprintf(message, capacity, "%s '%s': %s.", what, path, reason_of(ERR_peek_error()));
    ERR_clear_error();
}

// The chain must go upwards: each certificate signed by the next one of the file.
static int check_chain(SSL_CTX *ssl, const char *path, char *message, size_t capacity) {
    X509 *leaf = SSL_CTX_get0_certificate(ssl);
    STACK_OF(X509) *chain = NULL;
    SSL_CTX_get0_chain_certs(ssl, &chain);
    X509 *below = leaf;
    for (int index = 0; index < sk_X509_num(chain); index++) {
        X509 *above = sk_X509_value(chain, index);
        if (X509_check_issued(above, below) != X509_V_OK) {
            snprintf(
                message, capacity, "The certificate file '%s' is not a chain: its certificate %d did not issue certificate %d. Put the server's first.",
                path, index + 2, index + 1);
            return 0;
        }
        below = above;
    }
    if (leaf != NULL && X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0) {
        snprintf(message, capacity, "The certificate in '%s' has expired; clients will refuse it.", path);
    } else if (leaf != NULL && X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0) {
        snprintf(message, capacity, "The certificate in '%s' is not valid yet; clients will refuse it.", path);
    }
    return 1;
}

static int configure(SSL_CTX *ssl, const char *certificate, const char *key, const char *client_ca, char *message, size_t capacity) {
    if (SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1) {
        snprintf(message, capacity, "OpenSSL does not offer TLS 1.2.");
        return 0;
    }
    // TLS 1.2 with forward secrecy and authenticated encryption alone (RFC 9325, 4.2); all of TLS 1.3's suites are of that kind.
    if (SSL_CTX_set_cipher_list(ssl, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
        snprintf(message, capacity, "OpenSSL offers none of the cipher suites of RFC 9325.");
        return 0;
    }
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // An idle connection holds no record buffers.
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_id_context(ssl, (const unsigned char *)"fovea", 5);
    SSL_CTX_set_default_passwd_cb(ssl, no_passphrase);
    SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, NULL);

    if (SSL_CTX_use_certificate_chain_file(ssl, certificate) != 1) {
        explain(message, capacity, "No certificate can be read (PEM) from", certificate);
        return 0;
    }
    // Reading the key compares it with the certificate, so a mismatch shows here.
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1) {
        unsigned long code = ERR_peek_error();
        if (ERR_GET_LIB(code) == ERR_LIB_X509) {
            snprintf(message, capacity, "The key in '%s' does not belong to the certificate in '%s'.", key, certificate);
            ERR_clear_error();
        } else {
            explain(message, capacity, "No private key without a passphrase can be read (PEM) from", key);
        }
        return 0;
    }
    if (SSL_CTX_check_private_key(ssl) != 1) {
        snprintf(message, capacity, "The key in '%s' does not belong to the certificate in '%s'.", key, certificate);
        return 0;
    }
    if (client_ca != NULL) {
        STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(client_ca);
        if (names == NULL || SSL_CTX_load_verify_locations(ssl, client_ca, NULL) != 1) {
            explain(message, capacity, "No certificate for checking clients can be read (PEM) from", client_ca);
            sk_X509_NAME_pop_free(names, X509_NAME_free);
            return 0;
        }
        SSL_CTX_set_client_CA_list(ssl, names);
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return check_chain(ssl, certificate, message, capacity);
}

fovea_tls_context *fovea_tls_context_create(
    const char *certificate, const char *key, const char *client_ca, char *message, size_t capacity) {
    if (capacity > 0) message[0] = 0;
    ERR_clear_error();
    fovea_tls_context *context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    context->ssl = SSL_CTX_new(TLS_server_method());
    if (context->ssl == NULL || !configure(context->ssl, certificate, key, client_ca, message, capacity)) {
        ERR_clear_error();
        fovea_tls_context_free(context);
        return NULL;
    }
    ERR_clear_error();
    return context;
}

void fovea_tls_context_free(fovea_tls_context *context) {
    SSL_CTX_free(context->ssl);
    free(context);
}

// A KeyUpdate (RFC 8446, 4.6.3) has 27 bytes and costs new keys for both sides; a renegotiation is refused, but by an alert each time.
// OpenSSL works through as many as there are before it returns, so what is left of them is taken away from it.
static void count_message(int is_sent, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument) {
    (void)version, (void)bytes, (void)count, (void)ssl;
    fovea_tls_session *session = argument;
    if (is_sent || type != SSL3_RT_HANDSHAKE || !session->is_established) return;
    if (++session->messages > MOST_MESSAGES) (void)BIO_reset(session->in);
}

static void allow_messages(fovea_tls_session *session) {
    session->messages = 0;
    session->data = 0;
}

fovea_tls_session *fovea_tls_session_create(fovea_tls_context *context) {
    fovea_tls_session *session = calloc(1, sizeof *session);
    if (session == NULL) return NULL;
    session->ssl = SSL_new(context->ssl);
    session->in = BIO_new(BIO_s_mem());
    session->out = BIO_new(BIO_s_mem());
    if (session->ssl == NULL || session->in == NULL || session->out == NULL) {
        BIO_free(session->in);
        BIO_free(session->out);
        SSL_free(session->ssl);
        free(session);
        ERR_clear_error();
        return NULL;
    }
    // An empty memory is "wait", not "end".
    BIO_set_mem_eof_return(session->in, -1);
    BIO_set_mem_eof_return(session->out, -1);
    SSL_set_bio(session->ssl, session->in, session->out);
    SSL_set_accept_state(session->ssl);
    SSL_set_msg_callback(session->ssl, count_message);
    SSL_set_msg_callback_arg(session->ssl, session);
    return session;
}

void fovea_tls_session_free(fovea_tls_session *session) {
    SSL_free(session->ssl);
    free(session);
}

// A memory BIO never gives memory back, and a connection may wait long for its next request: an empty one that grew is replaced.
static void shrink(fovea_tls_session *session, BIO **bio) {
    BUF_MEM *memory = NULL;
    BIO_get_mem_ptr(*bio, &memory);
    if (memory == NULL || memory->max <= KEPT_BUFFER || BIO_ctrl_pending(*bio) > 0) return;
    BIO *fresh = BIO_new(BIO_s_mem());
    if (fresh == NULL) {
        ERR_clear_error();
        return;
    }
    BIO_set_mem_eof_return(fresh, -1);
    // Both free the one before.
    if (bio == &session->in) SSL_set0_rbio(session->ssl, fresh);
    else SSL_set0_wbio(session->ssl, fresh);
    *bio = fresh;
}

int fovea_tls_session_feed(fovea_tls_session *session, const uint8_t *bytes, size_t count) {
    size_t written = 0;
    return count == 0 || (BIO_write_ex(session->in, bytes, count, &written) == 1 && written == count);
}

// What a call that returned `result` came to; where it failed, the reason is kept.
static long outcome(fovea_tls_session *session, int result) {
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return FOVEA_TLS_MORE;
    case SSL_ERROR_ZERO_RETURN: return FOVEA_TLS_END;
    default: break;
    }
    // The first error is the nearest to the cause. Why a certificate is not good is told beside it.
    unsigned long code = ERR_peek_error();
    int is_certificate = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED;
    const char *detail = is_certificate ? X509_verify_cert_error_string(SSL_get_verify_result(session->ssl)) : "";
    snprintf(session->reason, sizeof session->reason, "%s%s%s", reason_of(code), is_certificate ? ": " : "", detail);
    return FOVEA_TLS_FAILED;
}

long fovea_tls_session_read(fovea_tls_session *session, uint8_t *bytes, size_t capacity) {
    // Errors are kept per thread: another connection's must not be taken for ours.
    ERR_clear_error();
    if (!session->is_established) {
        int result = SSL_do_handshake(session->ssl);
        if (result != 1) {
            long failure = outcome(session, result);
            ERR_clear_error();
            return failure;
        }
        session->is_established = 1;
    }
    size_t count = 0;
    int result = SSL_read_ex(session->ssl, bytes, capacity < LONG_MAX ? capacity : LONG_MAX, &count);
    long read = result == 1 ? (long)count : outcome(session, result);
    ERR_clear_error();
    if (session->messages > MOST_MESSAGES) {
        snprintf(session->reason, sizeof session->reason, "too many key updates or renegotiations");
        return FOVEA_TLS_FAILED;
    }
    session->data += count;
    if (session->data >= DATA_FOR_MESSAGES) allow_messages(session);
    if (read == FOVEA_TLS_MORE) shrink(session, &session->in);
    return read;
}

int fovea_tls_session_is_established(fovea_tls_session *session) {
    return session->is_established;
}

const char *fovea_tls_session_reason(fovea_tls_session *session) {
    return session->reason;
}

int fovea_tls_session_write(fovea_tls_session *session, const uint8_t *bytes, size_t count) {
    ERR_clear_error();
    size_t done = 0;
    while (done < count) {
        size_t written = 0;
        if (SSL_write_ex(session->ssl, bytes + done, count - done, &written) != 1) {
            ERR_clear_error();
            return 0;
        }
        done += written;
    }
    // Whoever is answered may renew the keys for the next request.
    allow_messages(session);
    return 1;
}

void fovea_tls_session_end(fovea_tls_session *session) {
    // A second call would read on.
    if (SSL_get_shutdown(session->ssl) & SSL_SENT_SHUTDOWN) return;
    ERR_clear_error();
    if (SSL_is_init_finished(session->ssl)) (void)SSL_shutdown(session->ssl);
    ERR_clear_error();
}

size_t fovea_tls_session_pending(fovea_tls_session *session) {
    return BIO_ctrl_pending(session->out);
}

size_t fovea_tls_session_take(fovea_tls_session *session, uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    if (capacity == 0 || BIO_read_ex(session->out, bytes, capacity, &count) != 1) return 0;
    shrink(session, &session->out);
    return count;
}
