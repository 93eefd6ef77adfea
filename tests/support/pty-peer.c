/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty-peer.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Bytes in front of the first message: its length. */
#define HEAD 2

gint
pty_peer_connect(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof(address)) == 0)
    return fd;
  close(fd);
  return -1;
}

static gboolean
_send_all(gint fd, const gchar *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = send(fd, bytes, length, MSG_NOSIGNAL);
      if (n < 0)
        return FALSE;
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
pty_peer_greet(gint fd, const gchar *id, const gchar *command, const gchar *backend)
{
  g_autoptr(GString) frame = g_string_new_len("\0", HEAD);
  gsize length;

  g_string_append_printf(frame,
                         "{\"ID\":\"%s\",\"Height\":24,\"Width\":80,\"Command\":\"%s\","
                         "\"BackendType\":\"%s\"}",
                         id, command, backend);
  length = frame->len - HEAD;
  frame->str[0] = (gchar) (length & 0xff);
  frame->str[1] = (gchar) (length >> 8);
  return _send_all(fd, frame->str, frame->len);
}

gboolean
pty_peer_type(gint fd, const gchar *data)
{
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);

  return _send_all(fd, request, strlen(request));
}
