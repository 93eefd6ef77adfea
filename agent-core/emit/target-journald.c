/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-journald.h"

#include "emit/journal-entry.h"
#include "emit/target-datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

static gboolean
_fail_memory(GError **error)
{
  gint errsv = errno;

  g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errsv), "no memory for a long entry: %s",
              g_strerror(errsv));
  return FALSE;
}

/* Memory takes all or nothing of so little, and waits for nobody. */
static gboolean
_fill(gint fd, const GString *entry, GError **error)
{
  if (write(fd, entry->str, entry->len) != (gssize) entry->len
      || fcntl(fd, F_ADD_SEALS, SEALS) != 0)
    return _fail_memory(error);
  return TRUE;
}

/* An empty datagram, which GSocket cannot send: the journal ignores a descriptor beside bytes. */
static gboolean
_send_descriptor(GSocket *socket, gint fd, GError **error)
{
  union
  {
    struct cmsghdr header;
    gchar space[CMSG_SPACE(sizeof(fd))];
  } control = { .header = { CMSG_LEN(sizeof(fd)), SOL_SOCKET, SCM_RIGHTS } };
  const struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
  gint errsv;

  memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
  if (sendmsg(g_socket_get_fd(socket), &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
    return TRUE;
  errsv = errno;
  g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errsv), g_strerror(errsv));
  return FALSE;
}

static gboolean
_send_in_memory(GSocket *socket, const GString *entry, GError **error)
{
  gint fd = memfd_create("coder-journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gboolean is_sent;

  if (fd < 0)
    return _fail_memory(error);
  is_sent = _fill(fd, entry, error) && _send_descriptor(socket, fd, error);
  close(fd);
  return is_sent;
}

static gboolean
_send(GSocket *socket, const GString *entry, GError **error)
{
  g_autoptr(GError) too_long = NULL;

  if (g_socket_send_with_blocking(socket, entry->str, entry->len, FALSE, NULL, &too_long) >= 0)
    return TRUE;
  if (g_error_matches(too_long, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return _send_in_memory(socket, entry, error);
  g_propagate_error(error, g_steal_pointer(&too_long));
  return FALSE;
}

CdTargetResult
cd_journald_send(CdLink *self, CdText line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) entry = g_string_sized_new(line.length);

  cd_journal_entry_append(entry, line);
  if (_send(g_socket_connection_get_socket(self->connection), entry, &error))
    return CD_TARGET_SENT;
  return cd_datagram_fail(self, error);
}
