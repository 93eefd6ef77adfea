/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-tls.h"

#include "emit/target-certificates.h"
#include "emit/target-stream.h"

typedef struct _Flaw
{
  GTlsCertificateFlags flag;
  const gchar *words;
} Flaw;

static const Flaw flaws[] = {
  { G_TLS_CERTIFICATE_EXPIRED, "has expired" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "is not valid yet" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "is for another name" },
  { G_TLS_CERTIFICATE_UNKNOWN_CA, "is signed by an unknown authority" },
  { G_TLS_CERTIFICATE_REVOKED, "is revoked" },
  { G_TLS_CERTIFICATE_INSECURE, "uses an insecure algorithm" },
  { G_TLS_CERTIFICATE_GENERIC_ERROR, "cannot be checked" },
};

static const CdLinkStep step_handshake = { "no TLS handshake",
                                           "the TLS handshake is not finished" };

static const gchar *
_get_server_name(const CdLink *self)
{
  return self->tls && self->tls->server_name ? self->tls->server_name : self->uri->host;
}

static GError *
_explain_flaws(const CdLink *self)
{
  g_autoptr(GString) words = g_string_new(NULL);

  for (guint i = 0; i < G_N_ELEMENTS(flaws); i++)
    if (self->flaws & flaws[i].flag)
      g_string_append_printf(words, "%s%s", words->len ? " and " : "", flaws[i].words);
  return g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_TLS, "the certificate of %s %s",
                     _get_server_name(self), words->str);
}

static void
_unref_bytes(gpointer bytes)
{
  g_byte_array_unref(bytes);
}

/* An alert says no more than that the handshake failed. */
static gboolean
_lacks_certificate(const CdLink *self)
{
  GList *authorities;
  gboolean is_asked;

  if (self->tls->certificate || !G_IS_TLS_CLIENT_CONNECTION(self->stream))
    return FALSE;
  authorities = g_tls_client_connection_get_accepted_cas(G_TLS_CLIENT_CONNECTION(self->stream));
  is_asked = authorities != NULL;
  g_list_free_full(authorities, _unref_bytes);
  return is_asked;
}

static const gchar *
_explain_failure(const CdLink *self)
{
  if (_lacks_certificate(self))
    return "the server wants a certificate of ours";
  return self->is_shaken ? "TLS failed" : "no TLS handshake; does the server speak TLS there?";
}

GError *
cd_tls_explain(const CdLink *self, const GError *error)
{
  if (self->flaws)
    return _explain_flaws(self);
  if (error->domain != G_TLS_ERROR)
    return g_error_copy(error);
  if (self->is_shaken && error->code == G_TLS_ERROR_EOF)
    return g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_GONE,
                       "the other side broke off without a goodbye");
  return g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_TLS, "%s (%s)", _explain_failure(self),
                     error->message);
}

static gboolean
_on_flawed_certificate(GTlsConnection *tls, GTlsCertificate *certificate,
                       GTlsCertificateFlags found, gpointer data)
{
  CdLink *self = data;

  self->flaws = found;
  return FALSE;
}

/* TLS of GIO asks who it is, and complains to standard error where nobody is there any more. */
static gboolean
_is_peer_there(const CdLink *self, GError **error)
{
  g_autoptr(GSocketAddress) peer = g_socket_connection_get_remote_address(self->connection, NULL);

  if (!peer)
    g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE, "the other side closed it");
  return peer != NULL;
}

/* With its database from the first: GIO would look for the system's authorities meanwhile, and
 * complain to standard error where there are none. */
static GIOStream *
_new_client(const CdLink *self, GTlsDatabase *database, GError **error)
{
  g_autoptr(GSocketConnectable)
    server = g_network_address_new(_get_server_name(self), self->uri->port);

  if (!database)
    return g_tls_client_connection_new(G_IO_STREAM(self->connection), server, error);
  return g_initable_new(g_tls_backend_get_client_connection_type(g_tls_backend_get_default()), NULL,
                        error, "base-io-stream", self->connection, "server-identity", server,
                        "database", database, NULL);
}

static GIOStream *
_wrap(CdLink *self, GError **error)
{
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GTlsCertificate) certificate = NULL;
  GIOStream *tls;

  if (!cd_certificates_load(self->tls, &database, &certificate, error)
      || !_is_peer_there(self, error))
    return NULL;
  tls = _new_client(self, database, error);
  if (!tls)
    return NULL;
  if (certificate)
    g_tls_connection_set_certificate(G_TLS_CONNECTION(tls), certificate);
  g_signal_connect(tls, "accept-certificate", G_CALLBACK(_on_flawed_certificate), self);
  return tls;
}

static void
_on_shaken(GObject *tls, GAsyncResult *result, gpointer data)
{
  g_autoptr(CdLink) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) explained = NULL;
  gboolean is_shaken = g_tls_connection_handshake_finish(G_TLS_CONNECTION(tls), result, &error);

  if (cd_link_is_closed(self))
    return;
  cd_link_end_step(self);
  if (is_shaken)
    {
      self->is_shaken = TRUE;
      cd_stream_begin(self);
      return;
    }
  explained = cd_tls_explain(self, error);
  cd_link_break(self, explained);
}

void
cd_tls_begin(CdLink *self)
{
  g_autoptr(GError) error = NULL;
  GIOStream *tls = _wrap(self, &error);

  if (!tls)
    {
      cd_link_break(self, error);
      return;
    }
  g_object_unref(self->stream);
  self->stream = tls;
  cd_link_begin_step(self, &step_handshake);
  g_tls_connection_handshake_async(G_TLS_CONNECTION(tls), G_PRIORITY_DEFAULT, self->cancellable,
                                   _on_shaken, cd_link_ref(self));
}

static gboolean
_can_say_goodbye(const CdLink *self)
{
  GSocket *socket = g_socket_connection_get_socket(self->connection);

  return self->written == self->frame->len && !self->is_parting
         && (g_socket_condition_check(socket, G_IO_OUT) & (G_IO_OUT | G_IO_ERR | G_IO_HUP))
              == G_IO_OUT;
}

gboolean
cd_tls_half_close(CdLink *self, GError **error)
{
  if (!_can_say_goodbye(self))
    return cd_stream_half_close(self, error);
  return g_output_stream_close(g_io_stream_get_output_stream(self->stream), NULL, error)
         && cd_stream_half_close(self, error);
}

/* While hands are shaken the connection belongs to a thread of GIO's, which cancelling ends; the
 * link must be no concern of that thread's. */
void
cd_tls_close(CdLink *self)
{
  g_signal_handlers_disconnect_by_data(self->stream, self);
  if (!self->is_shaken)
    return;
  cd_stream_close(self);
  if (_can_say_goodbye(self))
    g_io_stream_close(self->stream, NULL, NULL);
  else
    g_socket_close(g_socket_connection_get_socket(self->connection), NULL);
}
