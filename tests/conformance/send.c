/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "send.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A daemon that does not close would hold up the test for ever. */
#define PATIENCE_SECONDS 20

static struct sockaddr_in
_address(const gchar *ip, guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };

  address.sin_port = htons((guint16) port);
  if (inet_pton(AF_INET, ip, &address.sin_addr) != 1)
    g_error("%s is no address", ip);
  return address;
}

static gint
_connect(gint type, const gchar *from, guint port)
{
  struct timeval patience = { PATIENCE_SECONDS, 0 };
  struct sockaddr_in here = _address(from, 0);
  struct sockaddr_in there = _address("127.0.0.1", port);
  gint fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0
      || bind(fd, (struct sockaddr *) &here, sizeof(here)) != 0
      || connect(fd, (struct sockaddr *) &there, sizeof(there)) != 0)
    g_error("from %s to port %u: %s", from, port, g_strerror(errno));
  return fd;
}

gboolean
conform_probe(guint port)
{
  struct sockaddr_in there = _address("127.0.0.1", port);
  gint fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean listens = connect(fd, (struct sockaddr *) &there, sizeof(there)) == 0;

  close(fd);
  return listens;
}

/* Whoever refuses the bytes may close before they are all out. */
static gboolean
_write(gint fd, const gchar *data, gsize length)
{
  while (length)
    {
      gssize written = send(fd, data, length, MSG_NOSIGNAL);

      if (written < 0 && errno != EINTR)
        return FALSE;
      data += MAX(written, 0);
      length -= (gsize) MAX(written, 0);
    }
  return TRUE;
}

static void
_write_bytewise(gint fd, const gchar *data, gsize length)
{
  gint on = 1;

  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
    g_error("TCP_NODELAY: %s", g_strerror(errno));
  while (length-- && _write(fd, data++, 1))
    ;
}

static void
_wait_for_close(const ConformRow *row, gint fd)
{
  gchar byte;
  gssize got;

  shutdown(fd, SHUT_WR);
  do
    got = recv(fd, &byte, 1, 0);
  while (got > 0);
  if (got < 0 && errno == EAGAIN)
    g_error("%s: the connection stays open", row->id);
}

static void
_send_stream(const ConformRow *row, guint port)
{
  gint fd = _connect(SOCK_STREAM, row->address, port);
  gsize length;
  const gchar *data = g_bytes_get_data(row->bytes, &length);

  if (row->framing == CONFORM_OCTET || row->framing == CONFORM_OCTET_PLAIN)
    {
      g_autofree gchar *count = g_strdup_printf("%" G_GSIZE_FORMAT " ", length);
      _write(fd, count, strlen(count));
    }
  if (row->framing == CONFORM_SPLIT)
    _write_bytewise(fd, data, length);
  else
    _write(fd, data, length);
  _wait_for_close(row, fd);
  close(fd);
}

static void
_send_datagram(const gchar *from, guint port, GBytes *bytes)
{
  gint fd = _connect(SOCK_DGRAM, from, port);
  gsize length;
  const gchar *data = g_bytes_get_data(bytes, &length);

  if (send(fd, data ? data : "", length, 0) < 0)
    g_error("a datagram from %s: %s", from, g_strerror(errno));
  close(fd);
}

void
conform_send(const GPtrArray *rows, const guint *ports)
{
  g_autoptr(GBytes) last = g_bytes_new_static("<14>1 - - - - - - end", 21);

  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);

      if (row->framing == CONFORM_TLS || !ports[row->framing])
        continue;
      if (row->framing == CONFORM_UDP)
        _send_datagram(row->address, ports[row->framing], row->bytes);
      else
        _send_stream(row, ports[row->framing]);
    }
  _send_datagram(CONFORM_END_ADDRESS, ports[CONFORM_UDP], last);
}

void
conform_send_plain(const GPtrArray *rows, const gchar *id, guint port)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      if (strcmp(row->id, id) == 0)
        _send_stream(row, port);
    }
}

static gint
_connect_unix(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path)
      || connect(fd, (struct sockaddr *) &address, sizeof(address)) != 0)
    g_error("%s: %s", path, g_strerror(errno));
  return fd;
}

static void
_send_mark(gint fd, guint index)
{
  g_autofree gchar *mark = g_strdup_printf("<14>conform: %u", index);

  _write(fd, mark, strlen(mark));
}

void
conform_send_datagrams(const GPtrArray *rows, const gchar *path)
{
  gint fd = _connect_unix(path);

  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      gsize length;
      const gchar *data = g_bytes_get_data(row->bytes, &length);

      if (!conform_row_is_datagram(row))
        continue;
      _send_mark(fd, i);
      if (!_write(fd, data, length))
        g_error("%s: %s", row->id, g_strerror(errno));
    }
  _send_mark(fd, rows->len);
  close(fd);
}

void
conform_print_tls(const GPtrArray *rows, const gchar *directory)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      g_autofree gchar *path = g_build_filename(directory, row->id, NULL);
      g_autoptr(GError) error = NULL;
      gsize length;
      const gchar *data = g_bytes_get_data(row->bytes, &length);

      if (row->framing != CONFORM_TLS)
        continue;
      if (!g_file_set_contents(path, data, (gssize) length, &error))
        g_error("%s", error->message);
      printf("%s %s %s\n", row->id, row->client ? row->client : "good", row->address);
    }
}
