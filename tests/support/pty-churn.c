/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds sessions of an agent and, all the while, connects and ends in every way a client can, at a
 * rate.  Prints what it did and what the agent has open and in memory:
 *
 *   held N                            so many sessions are there
 *   sample SECOND DESCRIPTORS KIB     -1 for what may not be looked at
 *   ended KIND N                      so many connections ended so
 *   records N                         that the agent should have written; the last line
 *
 *   pty-churn SOCKET PID SESSIONS RATE SECONDS */
#include "pty-peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Milliseconds that a client stays which leaves by itself. */
#define STAY_MS 100

/* Seconds until what should have ended is given up. */
#define PATIENCE 60

/* How a connection comes to its end. */
typedef enum
{
  KIND_STATUS,  /* its program exits with a status */
  KIND_LEAVES,  /* it joins a session, and leaves */
  KIND_RESETS,  /* it leaves with output unread */
  KIND_KILLED,  /* its program is killed */
  KIND_BROKEN,  /* its first message is no JSON */
  KIND_SILENT,  /* it says nothing, and has no record */
  KIND_ORDERLY, /* its program ends well */
  N_KINDS
} Kind;

static const gchar *const names[] = {
  [KIND_STATUS] = "status",   [KIND_LEAVES] = "leaves", [KIND_RESETS] = "resets",
  [KIND_KILLED] = "killed",   [KIND_BROKEN] = "broken", [KIND_SILENT] = "silent",
  [KIND_ORDERLY] = "orderly",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_KINDS);

typedef struct _Peer
{
  gint fd;
  Kind kind;
  gint64 leaves; /* monotonic; 0 for when the agent closes */
  gboolean was_served;
} Peer;

typedef struct _Held
{
  gint fd;
  gchar *id;
} Held;

static const gchar *path;
static GPid agent;
static Held *held;
static guint n_held;
static GArray *peers;
static guint64 counts[N_KINDS];

static void G_GNUC_NORETURN
_die(const gchar *what)
{
  fprintf(stderr, "pty-churn: %s: %s\n", what, g_strerror(errno));
  exit(1);
}

static gint
_connect(void)
{
  gint fd = pty_peer_connect(path);

  if (fd < 0)
    _die(path);
  return fd;
}

/* --- sessions that stay ----------------------------------------------------------------------- */

static void
_await_ready(gint fd)
{
  g_autoptr(GString) seen = g_string_new(NULL);
  gchar bytes[1024];

  while (!strstr(seen->str, "ready"))
    {
      gssize n = recv(fd, bytes, sizeof(bytes), 0);
      if (n <= 0)
        _die("a session did not start");
      g_string_append_len(seen, bytes, n);
    }
}

static void
_hold(guint n)
{
  held = g_new0(Held, n);
  for (; n_held < n; n_held++)
    {
      held[n_held] = (Held) { _connect(), g_uuid_string_random() };
      pty_peer_greet(held[n_held].fd, held[n_held].id, "echo ready; exec sleep 1000", "");
      if (n_held % 32 == 0)
        _await_ready(held[n_held].fd);
    }
  _await_ready(held[n_held - 1].fd);
  printf("held %u\n", n_held);
}

static void
_release(void)
{
  gchar bytes[4096];

  for (guint i = 0; i < n_held; i++)
    {
      while (recv(held[i].fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
        ;
      if (errno != EAGAIN)
        _die("a session that was held has ended");
      close(held[i].fd);
      g_free(held[i].id);
    }
  g_free(held);
}

/* --- connections that come and go ------------------------------------------------------------- */

static void
_start(Peer *peer, const gchar *command)
{
  g_autofree gchar *id = g_uuid_string_random();

  pty_peer_greet(peer->fd, id, command, "");
}

static void
_join(Peer *peer)
{
  pty_peer_greet(peer->fd, held[(guint) g_random_int_range(0, (gint) n_held)].id, "", "");
}

static void
_begin(Peer *peer)
{
  switch (peer->kind)
    {
    case KIND_STATUS:
      _start(peer, "echo bye; exit 3");
      break;
    case KIND_KILLED:
      _start(peer, "kill -9 $$");
      break;
    case KIND_ORDERLY:
      _start(peer, "echo bye");
      break;
    case KIND_LEAVES:
    case KIND_RESETS:
      _join(peer);
      break;
    case KIND_BROKEN:
      send(peer->fd, "\x03\0{]}", 5, MSG_NOSIGNAL);
      break;
    case KIND_SILENT:
    case N_KINDS:
      break;
    }
}

static void
_add_peer(void)
{
  static guint n;
  Peer peer = { .fd = _connect(), .kind = (Kind) (n++ % N_KINDS) };

  if (peer.kind == KIND_LEAVES || peer.kind == KIND_RESETS || peer.kind == KIND_SILENT)
    peer.leaves = g_get_monotonic_time() + STAY_MS * 1000;
  _begin(&peer);
  counts[peer.kind]++;
  g_array_append_val(peers, peer);
}

/* Who joins a session has to have got its output, or it would leave in another way. */
static gboolean
_may_leave(const Peer *peer)
{
  return peer->leaves && g_get_monotonic_time() >= peer->leaves
         && (peer->was_served || peer->kind == KIND_SILENT);
}

/* Returns: whether it is still there. */
static gboolean
_serve(Peer *peer)
{
  const gint flags = MSG_DONTWAIT | (peer->kind == KIND_RESETS ? MSG_PEEK : 0);
  gchar bytes[4096];
  gssize n;

  do
    {
      n = recv(peer->fd, bytes, sizeof(bytes), flags);
      peer->was_served |= n > 0;
    }
  while (n > 0 && !(flags & MSG_PEEK));
  if (n != 0 && !_may_leave(peer))
    return TRUE;
  close(peer->fd);
  return FALSE;
}

static void
_serve_all(void)
{
  for (guint i = peers->len; i-- > 0;)
    if (!_serve(&g_array_index(peers, Peer, i)))
      g_array_remove_index_fast(peers, i);
}

/* --- the agent -------------------------------------------------------------------------------- */

static gint
_count_descriptors(void)
{
  g_autofree gchar *folder = g_strdup_printf("/proc/%d/fd", agent);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  gint n = 0;

  while (dir && g_dir_read_name(dir))
    n++;
  return dir ? n : -1;
}

static glong
_read_memory(void)
{
  g_autofree gchar *file = g_strdup_printf("/proc/%d/statm", agent);
  g_autofree gchar *text = NULL;
  glong pages;

  if (!g_file_get_contents(file, &text, NULL, NULL) || sscanf(text, "%*d %ld", &pages) != 1)
    _die(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
_sample(gint64 start)
{
  printf("sample %.1f %d %ld\n", (gdouble) (g_get_monotonic_time() - start) / 1e6,
         _count_descriptors(), _read_memory());
}

/* --- all of it -------------------------------------------------------------------------------- */

static void
_await_peers(void)
{
  gint64 deadline = g_get_monotonic_time() + PATIENCE * G_USEC_PER_SEC;

  for (; peers->len > 0 && g_get_monotonic_time() < deadline; _serve_all())
    g_usleep(2000);
  if (peers->len > 0)
    _die("connections do not end");
}

/* A machine that is late makes up for it, so that the count is the same. */
static void
_churn(guint rate, guint seconds)
{
  gint64 start = g_get_monotonic_time();
  guint n_all = rate * seconds;

  for (guint n = 0; n < n_all; n++)
    {
      gint64 when = start + (gint64) n * G_USEC_PER_SEC / rate;
      while (g_get_monotonic_time() < when)
        g_usleep(MIN((gulong) 1000, (gulong) (when - g_get_monotonic_time())));
      _add_peer();
      _serve_all();
      if (n % MAX(n_all / 20, 1) == 0)
        _sample(start);
    }
  _await_peers();
  _sample(start);
}

static void
_raise_limit(void)
{
  struct rlimit limit;

  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static void
_print_counts(void)
{
  guint64 n_records = n_held;

  for (guint i = 0; i < N_KINDS; i++)
    {
      printf("ended %s %" G_GUINT64_FORMAT "\n", names[i], counts[i]);
      n_records += i == KIND_SILENT ? 0 : counts[i];
    }
  printf("records %" G_GUINT64_FORMAT "\n", n_records);
}

int
main(int argc, char **argv)
{
  if (argc != 6)
    return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  path = argv[1];
  agent = atoi(argv[2]);
  peers = g_array_new(FALSE, FALSE, sizeof(Peer));
  _raise_limit();
  _hold((guint) atoi(argv[3]));
  _churn((guint) atoi(argv[4]), (guint) atoi(argv[5]));
  _release();
  _print_counts();
  g_array_unref(peers);
  return 0;
}
