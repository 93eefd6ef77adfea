/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-certificates.h"

#include <sys/socket.h>
#include <unistd.h>

/* Seconds for what takes milliseconds. */
#define PATIENCE 10

static gboolean
_check_backend(GError **error)
{
  if (g_tls_backend_supports_tls(g_tls_backend_get_default()))
    return TRUE;
  g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS,
              "GLib cannot speak TLS here; install Debian's package glib-networking");
  return FALSE;
}

static gboolean
_fail(GError **error, const gchar *what, const gchar *file, const GError *why)
{
  g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS, "%s %s cannot be used: %s", what, file,
              why ? why->message : "there is none in it");
  return FALSE;
}

/* A file without a certificate gives a database that trusts nobody. */
static gboolean
_load_authority(const gchar *file, GTlsDatabase **database, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autofree gchar *path = g_canonicalize_filename(file, NULL);
  GList *certificates = g_tls_certificate_list_new_from_file(path, &why);
  gboolean is_empty = certificates == NULL;

  g_list_free_full(certificates, g_object_unref);
  if (is_empty || !(*database = g_tls_file_database_new(path, &why)))
    return _fail(error, "the authority's certificate in", file, why);
  return TRUE;
}

static gboolean
_append_file(GString *pem, const gchar *file, GError **error)
{
  g_autofree gchar *contents = NULL;
  gsize length;

  if (!g_file_get_contents(file, &contents, &length, error))
    return FALSE;
  g_string_append_len(pem, contents, (gssize) length);
  g_string_append_c(pem, '\n');
  return TRUE;
}

static gboolean
_load_certificate(const CdTargetTls *tls, GTlsCertificate **certificate, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(GString) pem = g_string_new(NULL);

  if (!_append_file(pem, tls->certificate, &why))
    return _fail(error, "the certificate in", tls->certificate, why);
  if (tls->key && !_append_file(pem, tls->key, &why))
    return _fail(error, "the key in", tls->key, why);
  if (!strstr(pem->str, "PRIVATE KEY-----"))
    return _fail(error, "the key in", tls->key ? tls->key : tls->certificate, NULL);
  *certificate = g_tls_certificate_new_from_pem(pem->str, (gssize) pem->len, &why);
  return *certificate || _fail(error, "the certificate in", tls->certificate, why);
}

gboolean
cd_certificates_load(const CdTargetTls *tls, GTlsDatabase **database, GTlsCertificate **certificate,
                     GError **error)
{
  if (!tls)
    return TRUE;
  if (tls->authority && !_load_authority(tls->authority, database, error))
    return FALSE;
  return !tls->certificate || _load_certificate(tls, certificate, error);
}

/* --- does the key fit? ------------------------------------------------------------------------ */

static gboolean
_take_any(GTlsConnection *tls, GTlsCertificate *certificate, GTlsCertificateFlags flaws,
          gpointer data)
{
  return TRUE;
}

static GIOStream *
_adopt(gint fd)
{
  g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, NULL);

  if (!socket)
    {
      close(fd);
      return NULL;
    }
  g_socket_set_timeout(socket, PATIENCE);
  return G_IO_STREAM(g_socket_connection_factory_create_connection(socket));
}

/* Only the bytes are of interest: closed over them, the other side knows that it is over. */
static gpointer
_serve(gpointer data)
{
  g_tls_connection_handshake(data, NULL, NULL);
  g_io_stream_close(data, NULL, NULL);
  return NULL;
}

/* Without a database, or GIO would look for the system's authorities, and complain to standard
 * error where there are none. */
static GIOStream *
_new_server(GIOStream *stream, GTlsCertificate *certificate, GError **error)
{
  return g_initable_new(g_tls_backend_get_server_connection_type(g_tls_backend_get_default()), NULL,
                        error, "base-io-stream", stream, "certificate", certificate, "database",
                        NULL, NULL);
}

static GIOStream *
_new_client(GIOStream *stream, GError **error)
{
  return g_initable_new(g_tls_backend_get_client_connection_type(g_tls_backend_get_default()), NULL,
                        error, "base-io-stream", stream, "database", NULL, NULL);
}

static gboolean
_shake_hands(GIOStream *ours, GIOStream *theirs, GTlsCertificate *certificate, GError **error)
{
  g_autoptr(GIOStream) server = _new_server(theirs, certificate, error);
  g_autoptr(GIOStream) client = server ? _new_client(ours, error) : NULL;
  GThread *thread;
  gboolean is_shaken;

  if (!client)
    return FALSE;
  g_signal_connect(client, "accept-certificate", G_CALLBACK(_take_any), NULL);
  thread = g_thread_new("coder-tls-check", _serve, server);
  is_shaken = g_tls_connection_handshake(G_TLS_CONNECTION(client), NULL, error);
  g_io_stream_close(ours, NULL, NULL);
  g_thread_join(thread);
  return is_shaken;
}

/* GIO compares no keys: the certificate is shown to ourselves, over a pair of sockets. */
static gboolean
_try_key(GTlsCertificate *certificate, GError **error)
{
  gint fds[2];
  g_autoptr(GIOStream) ours = NULL;
  g_autoptr(GIOStream) theirs = NULL;

  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    return TRUE;
  ours = _adopt(fds[0]);
  theirs = _adopt(fds[1]);
  return !ours || !theirs || _shake_hands(ours, theirs, certificate, error);
}

static gboolean
_check_key(const CdTargetTls *tls, GTlsCertificate *certificate, GError **error)
{
  g_autoptr(GError) why = NULL;
  const gchar *key = tls->key ? tls->key : tls->certificate;

  if (_try_key(certificate, &why))
    return TRUE;
  g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS,
              "the key in %s is not that of the certificate in %s (%s)", key, tls->certificate,
              why->message);
  return FALSE;
}

gboolean
cd_certificates_check(const CdTargetTls *tls, GError **error)
{
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GTlsCertificate) certificate = NULL;

  if (!_check_backend(error))
    return FALSE;
  if (tls && tls->key && !tls->certificate)
    {
      g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS,
                  "the key in %s wants its certificate beside it", tls->key);
      return FALSE;
    }
  if (!cd_certificates_load(tls, &database, &certificate, error))
    return FALSE;
  return !certificate || _check_key(tls, certificate, error);
}
