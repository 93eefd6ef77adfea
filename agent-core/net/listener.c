/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/listener.h"

#include "net/listener-path.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that are taken before others get their turn. */
#define TURN_MAX 16

#define PAUSE_MS 100

struct _CdListener
{
  gint fd;
  GSource *source; /* waits for connections, or for the end of a pause */
  CdListenerPath path;
  gchar address[CD_ADDRESS_SIZE];
  CdListenerAccepted accepted;
  CdListenerTrouble trouble;
  gpointer user_data;
  gboolean in_trouble;
};

typedef enum
{
  ACCEPT_TAKEN,
  ACCEPT_PASSED,  /* that connection is gone */
  ACCEPT_NONE,    /* nobody waits */
  ACCEPT_TROUBLE, /* somebody waits, and cannot be taken now */
} Accept;

static gboolean _on_connections(gint fd, GIOCondition condition, gpointer data);

static void
_wait_by(CdListener *self, GSource *source, GSourceFunc func)
{
  if (self->source)
    {
      g_source_destroy(self->source);
      g_source_unref(self->source);
    }
  self->source = source;
  g_source_set_callback(source, func, self, NULL);
  g_source_attach(source, g_main_context_get_thread_default());
}

static void
_wait_for_connections(CdListener *self)
{
  _wait_by(self, g_unix_fd_source_new(self->fd, G_IO_IN), G_SOURCE_FUNC(_on_connections));
}

static gboolean
_on_pause_over(gpointer data)
{
  _wait_for_connections(data);
  return G_SOURCE_REMOVE;
}

/* accept(2) also tells of errors of the network that are pending on the new socket. */
static Accept
_get_kind(gint code)
{
  switch (code)
    {
    case EAGAIN:
      return ACCEPT_NONE;
    case EINTR:
    case ECONNABORTED:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return ACCEPT_PASSED;
    default:
      return ACCEPT_TROUBLE;
    }
}

/* The kernel goes on saying that somebody waits: without a pause that would be a busy loop. */
static void
_begin_trouble(CdListener *self, gint code)
{
  g_autoptr(GError) error = NULL;

  _wait_by(self, g_timeout_source_new(PAUSE_MS), _on_pause_over);
  if (self->in_trouble)
    return;
  self->in_trouble = TRUE;
  g_set_error(&error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s: accept: %s", self->address,
              g_strerror(code));
  self->trouble(error, self->user_data);
}

static void
_end_trouble(CdListener *self)
{
  if (!self->in_trouble)
    return;
  self->in_trouble = FALSE;
  self->trouble(NULL, self->user_data);
}

/* Whether who was told something in this turn freed the listener, and its source with it. */
static gboolean
_is_freed(void)
{
  return g_source_is_destroyed(g_main_current_source());
}

static Accept
_accept(CdListener *self)
{
  gint fd = accept4(self->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  gint code = fd < 0 ? errno : 0;
  Accept kind = fd < 0 ? _get_kind(code) : ACCEPT_TAKEN;

  if (kind == ACCEPT_TROUBLE)
    _begin_trouble(self, code);
  else
    _end_trouble(self);
  if (fd >= 0 && _is_freed())
    close(fd);
  else if (fd >= 0)
    self->accepted(fd, self->user_data);
  return kind;
}

static gboolean
_on_connections(gint fd, GIOCondition condition, gpointer data)
{
  CdListener *self = data;
  Accept kind = ACCEPT_PASSED;

  for (guint i = 0; i < TURN_MAX && kind <= ACCEPT_PASSED && !_is_freed(); i++)
    kind = _accept(self);
  return kind == ACCEPT_TROUBLE ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
_fail(const CdListener *self, const gchar *call, GError **error)
{
  gint code = errno;

  if (code == EADDRINUSE)
    g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_IN_USE, "%s: somebody listens there already",
                self->address);
  else
    g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s: %s: %s", self->address, call,
                g_strerror(code));
  return FALSE;
}

/* The address with the port that the kernel chose. */
static void
_read_address(CdListener *self)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof(native);
  g_autoptr(GSocketAddress) address = NULL;

  if (getsockname(self->fd, (struct sockaddr *) &native, &size) == 0)
    address = g_socket_address_new_from_native(&native, size);
  if (address)
    cd_address_format(address, self->address);
}

static gboolean
_listen_inet(CdListener *self, GSocketAddress *address, GError **error)
{
  const gint on = 1;
  struct sockaddr_storage native;

  if (!g_socket_address_to_native(address, &native, sizeof(native), error))
    return FALSE;
  setsockopt(self->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(self->fd, (const struct sockaddr *) &native,
           (socklen_t) g_socket_address_get_native_size(address))
      != 0)
    return _fail(self, "bind", error);
  if (listen(self->fd, SOMAXCONN) != 0)
    return _fail(self, "listen", error);
  _read_address(self);
  return TRUE;
}

static gboolean
_listen_unix(CdListener *self, GUnixSocketAddress *address, GError **error)
{
  if (g_unix_socket_address_get_address_type(address) == G_UNIX_SOCKET_ADDRESS_PATH)
    return cd_listener_path_bind(&self->path, self->fd, g_unix_socket_address_get_path(address),
                                 error);
  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_ADDRESS, "%s: a path must follow", self->address);
  return FALSE;
}

static gboolean
_listen(CdListener *self, GSocketAddress *address, GError **error)
{
  gint family = (gint) g_socket_address_get_family(address);

  self->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0)
    return _fail(self, "socket", error);
  if (G_IS_UNIX_SOCKET_ADDRESS(address))
    return _listen_unix(self, G_UNIX_SOCKET_ADDRESS(address), error);
  return _listen_inet(self, address, error);
}

CdListener *
cd_listener_new(GSocketAddress *address, CdListenerAccepted accepted, CdListenerTrouble trouble,
                gpointer user_data, GError **error)
{
  g_autoptr(CdListener) self = g_new0(CdListener, 1);

  self->accepted = accepted;
  self->trouble = trouble;
  self->user_data = user_data;
  cd_address_format(address, self->address);
  if (!_listen(self, address, error))
    return NULL;
  _wait_for_connections(self);
  return g_steal_pointer(&self);
}

void
cd_listener_free(CdListener *self)
{
  if (!self)
    return;
  if (self->source)
    {
      g_source_destroy(self->source);
      g_source_unref(self->source);
    }
  cd_listener_path_clear(&self->path);
  if (self->fd >= 0)
    close(self->fd);
  g_free(self);
}

const gchar *
cd_listener_get_address(const CdListener *self)
{
  return self->address;
}
