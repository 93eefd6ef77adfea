/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/peer.h"

#include "net/owner.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct _Ends
{
  struct sockaddr_storage remote;
  struct sockaddr_storage local;
  GSocketAddress *remote_address;
  GSocketAddress *local_address;
} Ends;

typedef gint (*Getter)(gint fd, struct sockaddr *address, socklen_t *size);

static gint
_get_remote(gint fd, struct sockaddr *address, socklen_t *size)
{
  return getpeername(fd, address, size);
}

static gint
_get_local(gint fd, struct sockaddr *address, socklen_t *size)
{
  return getsockname(fd, address, size);
}

static void
_clear_ends(Ends *self)
{
  g_clear_object(&self->remote_address);
  g_clear_object(&self->local_address);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ends, _clear_ends)

static gboolean
_fail(const gchar *call, GError **error)
{
  gint code = errno;

  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s: %s", call, g_strerror(code));
  return FALSE;
}

static GSocketAddress *
_read_address(gint fd, Getter get, const gchar *call, struct sockaddr_storage *native,
              GError **error)
{
  socklen_t size = sizeof(*native);
  GSocketAddress *address;

  if (get(fd, (struct sockaddr *) native, &size) != 0)
    {
      _fail(call, error);
      return NULL;
    }
  address = g_socket_address_new_from_native(native, size);
  if (!address)
    g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s: an unknown kind of address", call);
  return address;
}

static gboolean
_is_same_host(const Ends *ends)
{
  return g_inet_address_equal(
    g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(ends->remote_address)),
    g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(ends->local_address)));
}

static void
_read_unix(CdPeer *self, gint fd)
{
  struct ucred who;
  socklen_t size = sizeof(who);

  self->is_unix = self->is_local = TRUE;
  self->has_uid = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
  self->uid = self->has_uid ? who.uid : 0;
}

static void
_read_inet(CdPeer *self, const Ends *ends)
{
  self->is_local = cd_address_is_local(ends->remote_address) || _is_same_host(ends);
  self->has_uid = self->is_local
                  && cd_owner_find((const struct sockaddr *) &ends->remote,
                                   (const struct sockaddr *) &ends->local, &self->uid);
}

gboolean
cd_peer_read(gint fd, CdPeer *self, GError **error)
{
  g_auto(Ends) ends = { 0 };

  *self = (CdPeer) { 0 };
  ends.remote_address = _read_address(fd, _get_remote, "getpeername", &ends.remote, error);
  if (!ends.remote_address)
    return FALSE;
  ends.local_address = _read_address(fd, _get_local, "getsockname", &ends.local, error);
  if (!ends.local_address)
    return FALSE;
  cd_address_format(ends.remote_address, self->remote);
  cd_address_format(ends.local_address, self->local);
  if (G_IS_INET_SOCKET_ADDRESS(ends.remote_address))
    _read_inet(self, &ends);
  else
    _read_unix(self, fd);
  return TRUE;
}

gboolean
cd_peer_check(const CdPeer *self, gboolean trust_loopback, GError **error)
{
  if (!self->is_local || (trust_loopback && !self->is_unix))
    return TRUE;
  if (self->has_uid && (self->uid == 0 || self->uid == geteuid()))
    return TRUE;
  if (self->has_uid)
    g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FOREIGN, "%s is of user %u, and may not come in",
                self->remote, self->uid);
  else
    g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FOREIGN,
                "%s is of an unknown user, and may not come in", self->remote);
  return FALSE;
}
