/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/metrics-server.h"

#include "emit/timer.h"
#include "net/listener.h"

#include <libsoup/soup.h>
#include <unistd.h>

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Connections at a time, and milliseconds for each. */
#define CONNECTIONS_MAX 16
#define PATIENCE_MS 5000

struct _CdMetricsServer
{
  SoupServer *soup;
  CdListener *listener;
  GPtrArray *visits; /* of Visit */
  CdMetricsServerWrite write;
  gpointer user_data;
};

/* One connection. */
typedef struct _Visit
{
  CdMetricsServer *server;
  GObject *connection; /* not owned; NULL when it is gone */
  GSocket *socket;
  GSource *deadline;
} Visit;

/* --- answers ---------------------------------------------------------------------------------- */

static void
_answer(CdMetricsServer *self, SoupServerMessage *message)
{
  GString *text = g_string_new(NULL);
  gsize length;

  self->write(text, self->user_data);
  length = text->len;
  soup_server_message_set_response(message, CONTENT_TYPE, SOUP_MEMORY_TAKE,
                                   g_string_free(text, FALSE), length);
  soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
}

static void
_on_request(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  CdMetricsServer *self = user_data;
  const gchar *method = soup_server_message_get_method(message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

  soup_message_headers_replace(headers, "Connection", "close");
  if (!g_str_equal(path, "/metrics"))
    soup_server_message_set_status(message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (g_str_equal(method, SOUP_METHOD_GET))
    _answer(self, message);
  else
    {
      soup_message_headers_replace(headers, "Allow", "GET");
      soup_server_message_set_status(message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
    }
}

/* Nobody reads a request's body: it must not be kept either. */
static void
_on_head(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
}

/* --- connections ------------------------------------------------------------------------------ */

/* libsoup sees the end of it, and lets go of its connection. */
static gboolean
_on_late(gpointer user_data)
{
  Visit *visit = user_data;

  g_socket_shutdown(visit->socket, TRUE, TRUE, NULL);
  return G_SOURCE_CONTINUE;
}

static void
_on_gone(gpointer user_data, GObject *connection)
{
  Visit *visit = user_data;

  visit->connection = NULL;
  g_ptr_array_remove_fast(visit->server->visits, visit);
}

static void
_free_visit(gpointer data)
{
  Visit *visit = data;

  if (visit->connection)
    g_object_weak_unref(visit->connection, _on_gone, visit);
  cd_timer_stop(&visit->deadline);
  g_object_unref(visit->socket);
  g_free(visit);
}

/* Returns: (transfer full) (nullable) */
static GSocketConnection *
_make_connection(gint fd, GError **error)
{
  g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, error);

  if (socket)
    return g_socket_connection_factory_create_connection(socket);
  close(fd);
  return NULL;
}

static void
_begin_visit(CdMetricsServer *self, GSocketConnection *connection)
{
  Visit *visit = g_new0(Visit, 1);

  visit->server = self;
  visit->connection = G_OBJECT(connection);
  visit->socket = g_object_ref(g_socket_connection_get_socket(connection));
  visit->deadline = cd_timer_start(PATIENCE_MS, _on_late, visit);
  g_ptr_array_add(self->visits, visit);
  g_object_weak_ref(visit->connection, _on_gone, visit);
}

/* libsoup wants both addresses, whatever its manual says. */
static gboolean
_hand_over(CdMetricsServer *self, GSocketConnection *connection, GError **error)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address(connection, error);
  g_autoptr(GSocketAddress) remote = NULL;

  if (!local)
    return FALSE;
  remote = g_socket_connection_get_remote_address(connection, error);
  return remote
         && soup_server_accept_iostream(self->soup, G_IO_STREAM(connection), local, remote, error);
}

static void
_on_accepted(gint fd, gpointer user_data)
{
  CdMetricsServer *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = NULL;

  if (self->visits->len >= CONNECTIONS_MAX)
    {
      close(fd);
      return;
    }
  connection = _make_connection(fd, &error);
  if (connection)
    _begin_visit(self, connection);
  if (!connection || !_hand_over(self, connection, &error))
    g_debug("metrics: a connection was not taken: %s", error->message);
}

static void
_on_trouble(const GError *error, gpointer user_data)
{
  if (error)
    g_warning("metrics: connections wait: %s", error->message);
  else
    g_message("metrics: connections are accepted again");
}

/* --- life ------------------------------------------------------------------------------------- */

CdMetricsServer *
cd_metrics_server_new(const gchar *address, CdMetricsServerWrite write, gpointer user_data,
                      GError **error)
{
  g_autoptr(GSocketAddress) parsed = cd_address_parse(address, error);
  CdMetricsServer *self;
  CdListener *listener = NULL;

  if (!parsed)
    return NULL;
  self = g_new0(CdMetricsServer, 1);
  listener = cd_listener_new(parsed, _on_accepted, _on_trouble, self, error);
  if (!listener)
    {
      g_free(self);
      return NULL;
    }
  self->listener = listener;
  self->write = write;
  self->user_data = user_data;
  self->visits = g_ptr_array_new_with_free_func(_free_visit);
  self->soup = soup_server_new(NULL, NULL);
  soup_server_add_early_handler(self->soup, NULL, _on_head, NULL, NULL);
  soup_server_add_handler(self->soup, NULL, _on_request, self, NULL);
  return self;
}

void
cd_metrics_server_free(CdMetricsServer *self)
{
  cd_listener_free(self->listener);
  soup_server_disconnect(self->soup);
  g_object_unref(self->soup);
  g_ptr_array_unref(self->visits);
  g_free(self);
}

const gchar *
cd_metrics_server_get_address(const CdMetricsServer *self)
{
  return cd_listener_get_address(self->listener);
}
