/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends each line of standard input as one message, as syslog senders do it. */

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 65536

static const gchar usage[] =
  "Usage: demo-feed tcp PORT < LINES     octet-counted frames (RFC 6587), to 127.0.0.1\n"
  "       demo-feed udp PORT < LINES     one datagram for each line, to 127.0.0.1\n"
  "       demo-feed unix PATH < LINES    one datagram for each line, to a socket\n"
  "       demo-feed raw PATH < BYTES     all of it into a stream socket, until that is closed\n"
  "       demo-feed ports N              prints N ports that are free for TCP and UDP\n"
  "Empty lines and those that begin with # are not sent.\n";

/* Returns the errors' exit status, so that callers can return it. */
static gint
_fail(const gchar *what, const GError *error)
{
  fprintf(stderr, "demo-feed: %s: %s\n", what, error->message);
  return EXIT_FAILURE;
}

static GSocket *
_open(GSocketAddress *address, GSocketType type, GError **error)
{
  GSocketFamily family = g_socket_address_get_family(address);
  g_autoptr(GSocket) self = g_socket_new(family, type, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (!self || !g_socket_connect(self, address, NULL, error))
    return NULL;
  return g_steal_pointer(&self);
}

static gboolean
_send_all(GSocket *self, const gchar *data, gsize length, GError **error)
{
  while (length)
    {
      gssize sent = g_socket_send(self, data, length, NULL, error);
      if (sent < 0)
        return FALSE;
      data += sent;
      length -= (gsize) sent;
    }
  return TRUE;
}

static gboolean
_send_line(GSocket *self, const gchar *line, gboolean is_stream, GError **error)
{
  g_autofree gchar *frame = NULL;

  if (!is_stream)
    return _send_all(self, line, strlen(line), error);
  frame = g_strdup_printf("%" G_GSIZE_FORMAT " %s", strlen(line), line);
  return _send_all(self, frame, strlen(frame), error);
}

static gboolean
_send_lines(GSocket *self, gboolean is_stream, GError **error)
{
  static gchar line[LINE_MAX_BYTES];

  while (fgets(line, sizeof(line), stdin))
    {
      line[strcspn(line, "\n")] = '\0';
      if (line[0] && line[0] != '#' && !_send_line(self, line, is_stream, error))
        return FALSE;
    }
  return TRUE;
}

static gint
_feed(const gchar *transport, const gchar *where)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocket) self = NULL;
  gboolean is_stream = g_str_equal(transport, "tcp");

  if (g_str_equal(transport, "unix"))
    address = g_unix_socket_address_new(where);
  else
    address = g_inet_socket_address_new_from_string("127.0.0.1", (guint) atoi(where));
  self = _open(address, is_stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM, &error);
  if (!self || !_send_lines(self, is_stream, &error))
    return _fail(where, error);
  return EXIT_SUCCESS;
}

/* What comes back is nobody's business, that the other side closes is. */
static gboolean
_drain(GSocket *self, GError **error)
{
  gchar bytes[4096];
  gssize n;

  do
    n = g_socket_receive(self, bytes, sizeof(bytes), NULL, error);
  while (n > 0);
  return n == 0;
}

static gint
_feed_raw(const gchar *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
  g_autoptr(GSocket) self = _open(address, G_SOCKET_TYPE_STREAM, &error);
  gchar bytes[4096];
  gsize n;

  while (self && (n = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
    if (!_send_all(self, bytes, n, &error))
      return _fail(path, error);
  if (!self || !g_socket_shutdown(self, FALSE, TRUE, &error) || !_drain(self, &error))
    return _fail(path, error);
  return EXIT_SUCCESS;
}

/* The port stays taken until the program ends, so that the next one is another. */
static GSocket *
_bind(GSocketType type, guint port, GError **error)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", port);
  g_autoptr(GSocket) self = g_socket_new(G_SOCKET_FAMILY_IPV4, type, 0, error);

  if (!self || !g_socket_bind(self, address, FALSE, error))
    return NULL;
  return g_steal_pointer(&self);
}

static gboolean
_print_port(GPtrArray *taken, GError **error)
{
  GSocket *tcp = _bind(G_SOCKET_TYPE_STREAM, 0, error);
  g_autoptr(GSocketAddress) address = NULL;
  GSocket *udp;
  guint port;

  if (!tcp)
    return FALSE;
  g_ptr_array_add(taken, tcp);
  address = g_socket_get_local_address(tcp, error);
  if (!address)
    return FALSE;
  port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
  udp = _bind(G_SOCKET_TYPE_DATAGRAM, port, error);
  if (!udp)
    return FALSE;
  g_ptr_array_add(taken, udp);
  printf("%u\n", port);
  return TRUE;
}

static gint
_print_ports(const gchar *count)
{
  g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GError) error = NULL;

  for (gint i = atoi(count); i > 0; i--)
    if (!_print_port(taken, &error))
      return _fail("no free port", error);
  return EXIT_SUCCESS;
}

gint
main(gint argc, gchar **argv)
{
  static const gchar *const transports[] = { "tcp", "udp", "unix", NULL };

  if (argc == 2 && g_str_equal(argv[1], "--help"))
    {
      fputs(usage, stdout);
      return EXIT_SUCCESS;
    }
  if (argc == 3 && g_str_equal(argv[1], "ports"))
    return _print_ports(argv[2]);
  if (argc == 3 && g_str_equal(argv[1], "raw"))
    return _feed_raw(argv[2]);
  if (argc == 3 && g_strv_contains(transports, argv[1]))
    return _feed(argv[1], argv[2]);
  fputs(usage, stderr);
  return 2;
}
