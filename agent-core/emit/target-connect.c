/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-connect.h"

#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

static const CdLinkStep step_name = { "its name was not resolved", "its name is not resolved yet" };
static const CdLinkStep step_connection = { "no connection", "still connecting" };

typedef struct _SocketOption
{
  gint level;
  gint name;
  gint value;
} SocketOption;

static gboolean
_set_options(GSocket *socket, const SocketOption *options, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!g_socket_set_option(socket, options[i].level, options[i].name, options[i].value, error))
      return FALSE;
  return TRUE;
}

/* Keepalive finds a peer that vanished in silence, the timeout one that owes us an answer. */
static gboolean
_watch_the_peer(const CdTargetTuning *tuning, GSocket *socket, GError **error)
{
  const SocketOption options[] = {
    { SOL_SOCKET, SO_KEEPALIVE, 1 },
    { IPPROTO_TCP, TCP_KEEPIDLE, tuning->keep_idle_s },
    { IPPROTO_TCP, TCP_KEEPINTVL, tuning->keep_interval_s },
    { IPPROTO_TCP, TCP_KEEPCNT, tuning->keep_count },
    { IPPROTO_TCP, TCP_USER_TIMEOUT, tuning->user_timeout_ms },
  };

  return _set_options(socket, options, G_N_ELEMENTS(options), error);
}

static gboolean
_tune(CdLink *self, GSocket *socket, GError **error)
{
  const SocketOption buffer = { SOL_SOCKET, SO_SNDBUF, self->tuning->send_buffer };

  if (buffer.value && !_set_options(socket, &buffer, 1, error))
    return FALSE;
  return self->kind->type != G_SOCKET_TYPE_STREAM
         || g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX
         || _watch_the_peer(self->tuning, socket, error);
}

static void
_adopt(CdLink *self, GSocketConnection *connection)
{
  g_autoptr(GError) error = NULL;

  self->connection = connection;
  self->stream = G_IO_STREAM(g_object_ref(connection));
  if (_tune(self, g_socket_connection_get_socket(connection), &error))
    self->kind->connected(self);
  else
    cd_link_break(self, error);
}

static GSocket *
_connect_path(GSocketType type, const gchar *path, GError **error)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
  g_autoptr(GSocket)
    socket = g_socket_new(G_SOCKET_FAMILY_UNIX, type, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (!socket)
    return NULL;
  g_socket_set_blocking(socket, FALSE);
  return g_socket_connect(socket, address, NULL, error) ? g_steal_pointer(&socket) : NULL;
}

void
cd_connect_path(CdLink *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = _connect_path(self->kind->type, self->uri->path, &error);

  if (socket)
    _adopt(self, g_socket_connection_factory_create_connection(socket));
  else
    cd_link_break(self, error);
}

static void
_on_event(GSocketClient *client, GSocketClientEvent event, GSocketConnectable *where,
          GIOStream *stream, gpointer data)
{
  CdLink *self = data;

  if (event == G_SOCKET_CLIENT_CONNECTING && !cd_link_is_closed(self)
      && self->step != &step_connection)
    cd_link_begin_step(self, &step_connection);
}

static void
_on_connected(GObject *client, GAsyncResult *result, gpointer data)
{
  g_autoptr(CdLink) self = data;
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish(G_SOCKET_CLIENT(client), result,
                                                                 &error);

  if (cd_link_is_closed(self))
    {
      g_clear_object(&connection);
      return;
    }
  cd_link_end_step(self);
  if (connection)
    _adopt(self, connection);
  else
    cd_link_break(self, error);
}

static void
_unref_link(gpointer data, GClosure *closure)
{
  cd_link_unref(data);
}

void
cd_connect_host(CdLink *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnectable) where = g_network_address_new(self->uri->host, self->uri->port);

  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_socket_type(client, self->kind->type);
  g_signal_connect_data(client, "event", G_CALLBACK(_on_event), cd_link_ref(self), _unref_link, 0);
  cd_link_begin_step(self, &step_name);
  g_socket_client_connect_async(client, where, self->cancellable, _on_connected, cd_link_ref(self));
}
