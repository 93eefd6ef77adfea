/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-datagram.h"

#define READS_MAX 16

static GSocket *
_get_socket(const CdLink *self)
{
  return g_socket_connection_get_socket(self->connection);
}

static gboolean
_discard(CdLink *self, GError **error)
{
  gchar byte;

  return g_socket_receive_with_blocking(_get_socket(self), &byte, sizeof(byte), FALSE, NULL, error)
         >= 0;
}

/* "Error receiving data" would be all that a person reads of a line that did not get there. */
static void
_break(CdLink *self, const GError *error)
{
  g_autoptr(GError) plain = NULL;

  if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      cd_link_break(self, error);
      return;
    }
  plain = g_error_new_literal(error->domain, error->code, "nobody receives there");
  cd_link_break(self, plain);
}

/* An ICMP message that nobody listens comes this way, as an error. */
static gboolean
_on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
  CdLink *self = data;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < READS_MAX && _discard(self, &error); i++)
    ;
  if (!error || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  _break(self, error);
  return G_SOURCE_REMOVE;
}

void
cd_datagram_begin(CdLink *self)
{
  cd_link_set_readable(self, g_socket_create_source(_get_socket(self), G_IO_IN, NULL),
                       G_SOURCE_FUNC(_on_readable));
  cd_link_opened(self);
}

static gboolean
_on_writable(GSocket *socket, GIOCondition condition, gpointer data)
{
  CdLink *self = data;

  cd_link_clear_writable(self);
  self->events->writable(self->owner);
  return G_SOURCE_REMOVE;
}

void
cd_datagram_await(CdLink *self)
{
  cd_link_set_writable(self, g_socket_create_source(_get_socket(self), G_IO_OUT, NULL),
                       G_SOURCE_FUNC(_on_writable));
}

CdTargetResult
cd_datagram_fail(CdLink *self, const GError *error)
{
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return CD_TARGET_REFUSED;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    self->kind->await(self);
  else
    _break(self, error);
  return CD_TARGET_WAIT;
}

CdTargetResult
cd_datagram_send(CdLink *self, CdText line)
{
  g_autoptr(GError) error = NULL;

  if (g_socket_send_with_blocking(_get_socket(self), line.data, line.length, FALSE, NULL, &error)
      >= 0)
    return CD_TARGET_SENT;
  return cd_datagram_fail(self, error);
}
