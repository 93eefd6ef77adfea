/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What end-to-end tests need of the network, and no shell has:
 *
 *   wire ports N                     prints N free TCP and UDP ports of the loopback, one a line
 *   wire send TARGET FRAMING [-c CONNECTIONS] [-n TIMES] (-l FILE | FILE...)
 *
 * TARGET is tcp:PORT, udp:PORT, unix-stream:PATH or unix-dgram:PATH.  FRAMING is newline, octet
 * (RFC 6587 octet counting) or raw.  A record is the whole of a FILE, or each line of -l FILE.
 * All of them go out over each of the CONNECTIONS, TIMES times.  Ends when the other side has
 * read everything and closed its end. */

#include <arpa/inet.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PORTS_MAX 32

typedef enum
{
  FRAMING_NEWLINE,
  FRAMING_OCTET,
  FRAMING_RAW
} Framing;

typedef struct
{
  const gchar *target;
  Framing framing;
  gint n_connections;
  gint times;
  GPtrArray *records; /* of GBytes */
} Sender;

static void G_GNUC_NORETURN
fail(const gchar *what, const gchar *about)
{
  g_printerr("wire: %s: %s\n", what, about);
  exit(1);
}

static struct sockaddr_in
loopback(guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };

  address.sin_port = htons((guint16) port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static gboolean
bind_to(gint type, guint port, gint *fd)
{
  struct sockaddr_in address = loopback(port);

  *fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  return bind(*fd, (struct sockaddr *) &address, sizeof(address)) == 0;
}

static guint
port_of(gint fd)
{
  struct sockaddr_in address;
  socklen_t length = sizeof(address);

  if (getsockname(fd, (struct sockaddr *) &address, &length) != 0)
    fail("getsockname", g_strerror(errno));
  return ntohs(address.sin_port);
}

/* All are held until the last one is known, so that none is given twice. */
static void
print_ports(gint n)
{
  for (gint found = 0; found < n;)
    {
      gint tcp, udp;

      if (!bind_to(SOCK_STREAM, 0, &tcp))
        fail("bind", g_strerror(errno));
      if (bind_to(SOCK_DGRAM, port_of(tcp), &udp))
        {
          g_print("%u\n", port_of(tcp));
          found++;
        }
    }
}

static gint
connect_inet(gint type, const gchar *port)
{
  struct sockaddr_in address = loopback((guint) g_ascii_strtoull(port, NULL, 10));
  gint fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

  if (connect(fd, (struct sockaddr *) &address, sizeof(address)) != 0)
    fail(port, g_strerror(errno));
  return fd;
}

static gint
connect_unix(gint type, const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

  if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path))
    fail(path, "too long");
  if (connect(fd, (struct sockaddr *) &address, sizeof(address)) != 0)
    fail(path, g_strerror(errno));
  return fd;
}

static gint
connect_to(const gchar *target)
{
  if (g_str_has_prefix(target, "tcp:"))
    return connect_inet(SOCK_STREAM, target + strlen("tcp:"));
  if (g_str_has_prefix(target, "udp:"))
    return connect_inet(SOCK_DGRAM, target + strlen("udp:"));
  if (g_str_has_prefix(target, "unix-stream:"))
    return connect_unix(SOCK_STREAM, target + strlen("unix-stream:"));
  if (g_str_has_prefix(target, "unix-dgram:"))
    return connect_unix(SOCK_DGRAM, target + strlen("unix-dgram:"));
  fail(target, "no such target");
}

static void
write_all(gint fd, const gchar *data, gsize length)
{
  while (length)
    {
      gssize written = send(fd, data, length, MSG_NOSIGNAL);

      if (written < 0 && errno != EINTR)
        fail("send", g_strerror(errno));
      if (written > 0)
        {
          data += written;
          length -= (gsize) written;
        }
    }
}

static GString *
frame(Framing framing, GBytes *record)
{
  gsize length;
  const gchar *data = g_bytes_get_data(record, &length);
  GString *framed = g_string_sized_new(length + 16);

  if (framing == FRAMING_OCTET)
    g_string_append_printf(framed, "%" G_GSIZE_FORMAT " ", length);
  g_string_append_len(framed, data, (gssize) length);
  if (framing == FRAMING_NEWLINE)
    g_string_append_c(framed, '\n');
  return framed;
}

/* A stream's other end closes once it has read everything. */
static void
finish(gint fd)
{
  gchar byte;
  gint type;
  socklen_t length = sizeof(type);

  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM)
    {
      shutdown(fd, SHUT_WR);
      while (recv(fd, &byte, 1, 0) > 0)
        ;
    }
  close(fd);
}

static gpointer
send_all(gpointer data)
{
  const Sender *sender = data;
  gint fd = connect_to(sender->target);

  for (gint i = 0; i < sender->times; i++)
    for (guint record = 0; record < sender->records->len; record++)
      {
        GString *framed = frame(sender->framing, g_ptr_array_index(sender->records, record));
        write_all(fd, framed->str, framed->len);
        g_string_free(framed, TRUE);
      }
  finish(fd);
  return NULL;
}

static void
send_over_connections(const Sender *sender)
{
  g_autofree GThread **threads = g_new(GThread *, (gsize) sender->n_connections);

  for (gint i = 0; i < sender->n_connections; i++)
    threads[i] = g_thread_new("sender", send_all, (gpointer) sender);
  for (gint i = 0; i < sender->n_connections; i++)
    g_thread_join(threads[i]);
}

static gchar *
read_file(const gchar *path, gsize *length)
{
  GError *error = NULL;
  gchar *data;

  if (!g_file_get_contents(path, &data, length, &error))
    fail(path, error->message);
  return data;
}

static void
add_lines(GPtrArray *records, const gchar *path)
{
  gsize length;
  g_autofree gchar *data = read_file(path, &length);
  const gchar *line = data;
  const gchar *end;

  while ((end = memchr(line, '\n', length - (gsize) (line - data))))
    {
      g_ptr_array_add(records, g_bytes_new(line, (gsize) (end - line)));
      line = end + 1;
    }
}

static void
add_file(GPtrArray *records, const gchar *path)
{
  gsize length;
  gchar *data = read_file(path, &length);

  g_ptr_array_add(records, g_bytes_new_take(data, length));
}

static Framing
parse_framing(const gchar *name)
{
  static const gchar *const names[] = { "newline", "octet", "raw" };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_equal(name, names[i]))
      return (Framing) i;
  fail(name, "no such framing");
}

static gint
run_send(gchar **arguments)
{
  Sender sender = { .n_connections = 1, .times = 1 };

  sender.records = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
  sender.target = arguments[0];
  sender.framing = parse_framing(arguments[1]);
  for (gchar **at = arguments + 2; *at; at++)
    if (g_str_equal(*at, "-c") && at[1])
      sender.n_connections = atoi(*++at);
    else if (g_str_equal(*at, "-n") && at[1])
      sender.times = atoi(*++at);
    else if (g_str_equal(*at, "-l") && at[1])
      add_lines(sender.records, *++at);
    else
      add_file(sender.records, *at);
  send_over_connections(&sender);
  g_ptr_array_unref(sender.records);
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && g_str_equal(argv[1], "ports") && atoi(argv[2]) <= PORTS_MAX)
    {
      print_ports(atoi(argv[2]));
      return 0;
    }
  if (argc >= 4 && g_str_equal(argv[1], "send"))
    return run_send(argv + 2);
  g_printerr("usage: wire ports N | wire send TARGET FRAMING [-c N] [-n N] (-l FILE | FILE...)\n");
  return 2;
}
